package boot

import (
	"os"
	"os/signal"
	"syscall"
)

// defaultSignals lets the programs that are run from now on begin with the signals as the
// system has them: a program inherits it if a signal is ignored, as nohup does, and then
// starts in another way. This process goes on to ignore them.
func defaultSignals() (restore func()) {
	var ignored []os.Signal
	// Go takes over all others anyway, and a signal that is taken over is not inherited.
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGINT} {
		if signal.Ignored(s) {
			ignored = append(ignored, s)
		}
	}
	if len(ignored) == 0 {
		return func() {}
	}
	nobody := make(chan os.Signal, 1)
	signal.Notify(nobody, ignored...)
	return func() { signal.Ignore(ignored...) }
}
