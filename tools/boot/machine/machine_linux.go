package machine

import (
	"os"
	"slices"
	"strconv"
	"strings"
)

func (m *Machine) ask() {
	info := fields(read("/proc/cpuinfo"))
	// Linux on arm64 has no name, but the numbers of the maker and the part.
	m.CPU = info["model name"]
	if m.CPU == "" && info["CPU part"] != "" {
		m.CPU = "implementer " + info["CPU implementer"] + " part " + info["CPU part"]
	}
	m.Memory, _ = strconv.ParseInt(strings.TrimSuffix(fields(read("/proc/meminfo"))["MemTotal"], " kB"), 10, 64)
	m.Kernel = strings.TrimSpace("Linux " + strings.TrimSpace(read("/proc/sys/kernel/osrelease")))
	if slices.Contains(strings.Fields(info["flags"]), "hypervisor") {
		m.Virtual = "yes"
	}
	if product := strings.TrimSpace(read("/sys/class/dmi/id/product_name")); m.Virtual != "" && product != "" {
		m.Virtual = product
	}
}

// read returns the text of a file, or nothing.
func read(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text)
}
