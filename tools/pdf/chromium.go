package pdf

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// FindChromium returns the program of an installed Chromium, Chrome or Edge.
func FindChromium() (string, error) {
	for _, name := range candidates(runtime.GOOS, os.Getenv) {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New(missing[runtime.GOOS])
}

// missing says what to install, by operating system; the key "" is for all others.
var missing = map[string]string{
	"":        "no Chromium or Chrome in PATH: install one, or name its program with --chromium",
	"linux":   "no Chromium or Chrome in PATH: install one (Debian, Ubuntu: apt install chromium), or name its program with --chromium",
	"darwin":  "no Chrome, Chromium or Edge in the Applications folder: install one (brew install --cask google-chrome), or name its program with --chromium",
	"windows": "no Chrome, Chromium or Edge found: install one (winget install Google.Chrome), or name its program with --chromium",
}

// candidates lists where an operating system keeps the browser: names for PATH, and files.
func candidates(goos string, env func(string) string) []string {
	switch goos {
	case "darwin":
		var list []string
		for _, root := range []string{"/Applications", filepath.Join(env("HOME"), "Applications")} {
			for _, app := range []string{"Google Chrome", "Chromium", "Microsoft Edge"} {
				list = append(list, filepath.Join(root, app+".app", "Contents", "MacOS", app))
			}
		}
		return append(list, "chromium", "google-chrome")
	case "windows":
		var list []string
		for _, root := range []string{env("ProgramFiles"), env("ProgramFiles(x86)"), env("LocalAppData")} {
			if root == "" {
				continue
			}
			for _, app := range []string{`Google\Chrome\Application\chrome.exe`, `Chromium\Application\chrome.exe`, `Microsoft\Edge\Application\msedge.exe`} {
				list = append(list, root+`\`+app)
			}
		}
		return append(list, "chrome.exe", "msedge.exe")
	}
	return []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge-stable", "microsoft-edge", "brave-browser"}
}
