//go:build !linux && !darwin && !windows

package machine

func (m *Machine) ask() {}
