package machine

import "golang.org/x/sys/unix"

func (m *Machine) ask() {
	m.CPU, _ = unix.Sysctl("machdep.cpu.brand_string")
	if size, err := unix.SysctlUint64("hw.memsize"); err == nil {
		m.Memory = int64(size / 1024)
	}
	if release, err := unix.Sysctl("kern.osrelease"); err == nil {
		m.Kernel = "Darwin " + release
	}
	if guest, err := unix.SysctlUint32("kern.hv_vmm_present"); err == nil && guest != 0 {
		m.Virtual = "yes"
	}
}
