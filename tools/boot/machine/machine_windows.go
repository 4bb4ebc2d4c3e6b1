package machine

import (
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

func (m *Machine) ask() {
	m.CPU = os.Getenv("PROCESSOR_IDENTIFIER")
	v := windows.RtlGetVersion()
	m.Kernel = fmt.Sprintf("Windows %d.%d.%d", v.MajorVersion, v.MinorVersion, v.BuildNumber)
}
