package process

import (
	"errors"
	"io/fs"
	"os/exec"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"beforemain/tools/boot/internal/fixture"
	"beforemain/tools/boot/program"
)

func floor(t *testing.T) string {
	t.Helper()
	path, err := program.WriteFloor("amd64", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// The floor program's three instructions are stepped through: mov, xor, syscall.
func TestStep(t *testing.T) {
	path := floor(t)
	err := Locked(func() error {
		p, err := Start(Config{Path: path, Fixed: true})
		if err != nil {
			return err
		}
		defer p.Close()
		var r unix.PtraceRegs
		for i, want := range []uint64{0, 5, 7} {
			if err := unix.PtraceGetRegs(p.PID, &r); err != nil {
				return err
			}
			if r.Rip != p.Entry+want {
				t.Errorf("instruction %d is at %#x, want %#x", i, r.Rip, p.Entry+want)
			}
			if i < 2 {
				if pending, err := p.Step(p.PID); err != nil || len(pending) > 0 {
					t.Errorf("step: %v, %v", pending, err)
				}
			}
		}
		if code, err := p.Word(p.Entry); err != nil || code != 0x0fff31000000e7b8 {
			t.Errorf("the code is %#x, %v", code, err)
		}
		if err := unix.PtraceCont(p.PID, 0); err != nil {
			return err
		}
		tid, status, err := p.Wait()
		if err != nil || tid != p.PID || !status.Exited() || status.ExitStatus() != 0 {
			t.Errorf("it ended with %v, %#x, %v", tid, int(status), err)
		}
		return nil
	})
	fixture.Ptrace(t, err)
	if err != nil {
		t.Fatal(err)
	}
}

func TestClose(t *testing.T) {
	path := floor(t)
	err := Locked(func() error {
		p, err := Start(Config{Path: path})
		if err != nil {
			return err
		}
		if err := p.Close(); err != nil {
			return err
		}
		if err := unix.Kill(p.PID, 0); err != unix.ESRCH {
			t.Errorf("it is still there: %v", err)
		}
		return nil
	})
	fixture.Ptrace(t, err)
	if err != nil {
		t.Fatal(err)
	}
}

func TestNothing(t *testing.T) {
	err := Locked(func() error {
		_, err := Start(Config{Path: "/nowhere"})
		return err
	})
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a program that is not there: %v", err)
	}
}

// A child that the same thread has started otherwise stays the one of whoever did.
func TestOtherChildren(t *testing.T) {
	path := floor(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	other := exec.Command(path)
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	p, err := Start(Config{Path: path})
	fixture.Ptrace(t, err)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := other.Wait(); err != nil {
		t.Errorf("the other child: %v", err)
	}
}
