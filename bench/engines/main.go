// Command engines starts and stops the private database servers of godwit's
// tests, demonstrations and benchmarks.
//
//	engines up   [--only a,b] [--dir D] [--optional all|none] [--durable]
//	engines down [--dir D]
//	engines run  [--only a,b] [--optional all|none] [--durable] [--tied] -- COMMAND...
//	engines list
//	engines install PACKAGE...
//
// up prints shell lines that export a URL per server and leaves the servers
// running until down. run starts servers of its own for one command, passes
// the same variables to it, and stops them whatever happens. install brings
// Debian packages without starting any service. Archives are cached in
// $GODWIT_ENGINES, by default .engines in the current folder's checkout.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"godwit/bench/engines/engine"
)

func main() {
	code, err := run(os.Args[1:], os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "engines:", err)
	}
	os.Exit(code)
}

const usage = `usage: engines up   [--only a,b] [--dir D] [--optional all|none] [--durable]
       engines down [--dir D]
       engines run  [--only a,b] [--optional all|none] [--durable] [--tied] -- COMMAND...
       engines list
       engines install PACKAGE...`

// options are the flags of all commands.
type options struct {
	only     string
	dir      string
	optional string
	durable  bool
	tied     bool
}

// run returns the exit code: 0, 1 for a failure, 2 for wrong usage, or what
// the command of "engines run" returned.
func run(args []string, stdout, stderr io.Writer) (int, error) {
	if len(args) == 0 {
		return wrongUsage(stderr, "name a command")
	}
	var o options
	fs := flag.NewFlagSet(args[0], flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.StringVar(&o.only, "only", "", "engines to start, separated by commas (default: all that need no request)")
	fs.StringVar(&o.dir, "dir", "", "folder of the servers' data (default: up in the cache folder)")
	fs.StringVar(&o.optional, "optional", "all", "all or none of the engines that may be skipped")
	fs.BoolVar(&o.durable, "durable", false, "keep fsync on")
	fs.BoolVar(&o.tied, "tied", false, "run: stop when the calling process ends, in whatever way")
	if err := fs.Parse(args[1:]); err != nil {
		return 2, nil // flag has told the error and the usage
	}
	if o.optional != "all" && o.optional != "none" {
		return 2, fmt.Errorf("--optional %s: say all or none", o.optional)
	}
	// Signals are taken over before anything starts, so that none is missed.
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	return dispatch(args[0], o, fs.Args(), signals, stdout, stderr)
}

// dispatch carries out one command.
func dispatch(name string, o options, rest []string, signals chan os.Signal, stdout, stderr io.Writer) (int, error) {
	logf := func(format string, a ...any) { fmt.Fprintf(stderr, "engines: "+format+"\n", a...) }
	switch name {
	case "list":
		return list(stdout)
	case "up":
		return up(o, signals, stdout, logf)
	case "down":
		return down(o, logf)
	case "run":
		if len(rest) == 0 {
			return 2, errors.New("run: name a command after --")
		}
		return runCommand(o, rest, signals, logf)
	case "install":
		return install(rest, logf)
	}
	return wrongUsage(stderr, "unknown command "+name)
}

// wrongUsage tells how the command is used and returns what was wrong.
func wrongUsage(stderr io.Writer, what string) (int, error) {
	fmt.Fprintln(stderr, usage)
	return 2, errors.New(what)
}

func list(w io.Writer) (int, error) {
	for _, s := range engine.All() {
		kind := "optional"
		if s.Required {
			kind = "required"
		}
		fmt.Fprintf(w, "%-12s %-26s %-11s %s\n", s.Name, s.Title, kind, s.Env)
	}
	return 0, nil
}

// host finds the cache folder: $GODWIT_ENGINES, else .engines in the checkout.
func host(logf func(string, ...any)) (*engine.Host, error) {
	if dir := os.Getenv("GODWIT_ENGINES"); dir != "" {
		return engine.NewHost(dir, true, logf)
	}
	root, err := checkout()
	if err != nil {
		return nil, err
	}
	return engine.NewHost(filepath.Join(root, ".engines"), false, logf)
}

// checkout is the nearest folder upwards that holds the main module, else the
// current folder.
func checkout() (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the checkout: %w", err)
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module godwit\n") {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return here, nil
		}
	}
}

func (o options) specs() ([]engine.Spec, error) {
	var only []string
	for _, n := range strings.Split(o.only, ",") {
		if n = strings.TrimSpace(n); n != "" {
			only = append(only, n)
		}
	}
	return engine.Choose(only, o.optional == "all")
}

func (o options) folder(h *engine.Host) string {
	if o.dir != "" {
		return o.dir
	}
	return filepath.Join(h.Cache, "up")
}

func up(o options, signals chan os.Signal, stdout io.Writer, logf func(string, ...any)) (int, error) {
	specs, err := o.specs()
	if err != nil {
		return 2, err
	}
	h, err := host(logf)
	if err != nil {
		return 1, err
	}
	ctx, cancel := cancelOn(signals)
	defer cancel()
	fleet, err := engine.Up(ctx, h, specs, engine.Options{Dir: o.folder(h), Durable: o.durable})
	if err != nil {
		return failure(err)
	}
	reportSkipped(fleet, logf)
	for _, v := range fleet.Environ() {
		name, value, _ := strings.Cut(v, "=")
		fmt.Fprintf(stdout, "export %s=%s\n", name, shellQuote(value))
	}
	return 0, nil
}

func down(o options, logf func(string, ...any)) (int, error) {
	h, err := host(logf)
	if err != nil {
		return 1, err
	}
	if err := engine.Down(o.folder(h)); err != nil {
		return 1, err
	}
	return 0, nil
}

func install(packages []string, logf func(string, ...any)) (int, error) {
	if len(packages) == 0 {
		return 2, errors.New("install: name the packages")
	}
	h, err := host(logf)
	if err != nil {
		return 1, err
	}
	if err := h.InstallPackages(context.Background(), packages...); err != nil {
		return 1, err
	}
	return 0, nil
}

func reportSkipped(f *engine.Fleet, logf func(string, ...any)) {
	for _, s := range f.Skipped {
		logf("skipped: %s: %s", s.Name, s.Reason)
	}
}

// cancelOn returns a context that ends with the first signal.
func cancelOn(signals chan os.Signal) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.Background())
	go func() {
		select {
		case s := <-signals:
			cancel(&signalError{s})
		case <-ctx.Done():
		}
	}()
	return ctx, func() { cancel(nil) }
}

// signalError is the end of a start by a signal.
type signalError struct{ signal os.Signal }

func (e *signalError) Error() string { return fmt.Sprintf("stopped by signal %q", e.signal) }

// failure is the exit code of an error: 128 and the number after a signal.
func failure(err error) (int, error) {
	var s *signalError
	if errors.As(err, &s) {
		code, _ := exitCode(nil, s.signal)
		return code, err
	}
	return 1, err
}

// shellQuote quotes a value for a POSIX shell.
func shellQuote(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
