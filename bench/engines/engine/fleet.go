package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// startLimit is how long a server may take from its start to its first answer.
const startLimit = 90 * time.Second

// skippedEnv lists the engines that were skipped: "name: reason; ...".
const skippedEnv = "GODWIT_TEST_SKIPPED"

// errPortTaken means that another program took the port first.
var errPortTaken = errors.New("the port was taken by another program")

// Options say how servers are run.
type Options struct {
	// Dir holds one folder per engine: data, server.log and state.json.
	Dir string
	// Durable keeps fsync on, for tests of the machine's crash and for benchmarks.
	Durable bool
	// Tied ends the servers when this process ends, in whatever way.
	Tied bool
}

// Running is a server that answers.
type Running struct {
	Name string `json:"name"`
	Env  string `json:"env"`
	URL  string `json:"url"`
	PID  int    `json:"pid"`
	Port int    `json:"port"`
	Data string `json:"data"`
}

// Skipped is an optional engine that could not be had.
type Skipped struct {
	Name   string
	Reason string
}

// Fleet is a set of servers below one folder.
type Fleet struct {
	Running []Running
	Skipped []Skipped

	specs   []Spec
	host    *Host
	opts    Options
	spawner *spawner
	mu      sync.Mutex // guards Running and Skipped while servers start
}

// Up starts the engines in parallel. Servers that an earlier Up left running
// in the same folder are kept. When a required engine fails, everything that
// this call started is stopped again and the error names the engine.
func Up(ctx context.Context, h *Host, specs []Spec, opts Options) (*Fleet, error) {
	dir, err := filepath.Abs(opts.Dir)
	if err != nil {
		return nil, fmt.Errorf("locate run folder: %w", err)
	}
	opts.Dir = dir
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make run folder: %w", err)
	}
	if h.account != nil {
		if blocked := unreachable(dir); blocked != "" {
			return nil, fmt.Errorf("run folder %s: the account that runs the servers cannot pass %s", dir, blocked)
		}
	}
	f := &Fleet{specs: specs, host: h, opts: opts, spawner: newSpawner()}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, s := range specs {
		wg.Go(func() {
			if err := f.one(ctx, s); err != nil {
				cancel(err) // the first error counts, the others only follow from it
			}
		})
	}
	wg.Wait()
	f.sort()
	if ctx.Err() != nil {
		return nil, errors.Join(context.Cause(ctx), f.Down())
	}
	return f, nil
}

// one brings up one engine, or records why it was skipped.
func (f *Fleet) one(ctx context.Context, s Spec) error {
	if r, ok := alive(f.dir(s)); ok {
		f.add(r)
		return nil
	}
	r, err := f.start(ctx, s)
	if err == nil {
		f.host.Logf("%s is up on port %d", s.Title, r.Port)
		f.add(r)
		return nil
	}
	if s.Required || ctx.Err() != nil {
		return fmt.Errorf("start %s: %w", s.Title, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Skipped = append(f.Skipped, Skipped{s.Name, strings.ReplaceAll(err.Error(), "\n", " | ")})
	return nil
}

func (f *Fleet) dir(s Spec) string { return filepath.Join(f.opts.Dir, s.Name) }

func (f *Fleet) add(r Running) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Running = append(f.Running, r)
}

// sort puts Running and Skipped into the order in which they were asked for.
func (f *Fleet) sort() {
	var running []Running
	var skipped []Skipped
	for _, s := range f.specs {
		for _, r := range f.Running {
			if r.Name == s.Name {
				running = append(running, r)
			}
		}
		for _, k := range f.Skipped {
			if k.Name == s.Name {
				skipped = append(skipped, k)
			}
		}
	}
	f.Running, f.Skipped = running, skipped
}

func (f *Fleet) start(ctx context.Context, s Spec) (Running, error) {
	in, err := s.install(ctx, f.host)
	if err != nil {
		return Running{}, err
	}
	dir := f.dir(s)
	data := filepath.Join(dir, "data")
	if err := stopFolder(dir, s.server.stopSignals()); err != nil {
		return Running{}, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Running{}, fmt.Errorf("make %s: %w", dir, err)
	}
	if err := s.server.initialise(ctx, f.host, in, data); err != nil {
		return Running{}, fmt.Errorf("initialise the data folder: %w", err)
	}
	var r Running
	for range 5 {
		r, err = f.launch(ctx, s, in, data)
		if !errors.Is(err, errPortTaken) {
			break
		}
	}
	return r, err
}

// launch starts the server on a free port and waits until it answers.
func (f *Fleet) launch(ctx context.Context, s Spec, in Install, data string) (Running, error) {
	port, err := freePort()
	if err != nil {
		return Running{}, err
	}
	logPath := filepath.Join(f.dir(s), "server.log")
	logFile, err := os.Create(logPath)
	if err != nil {
		return Running{}, fmt.Errorf("make server log: %w", err)
	}
	defer logFile.Close()
	argv := s.server.command(in, data, port, f.opts.Durable)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = data, serverEnv(data), logFile, logFile
	// A session of its own keeps the terminal's Ctrl-C away from the server.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: f.host.account, Setsid: true}
	if f.opts.Tied {
		cmd.SysProcAttr.Pdeathsig = deathSignal(s.server.stopSignals())
	}
	if err := f.spawner.do(cmd.Start); err != nil {
		return Running{}, fmt.Errorf("start the server: %w", err)
	}
	r := Running{Name: s.Name, Env: s.Env, URL: s.server.url(port), PID: cmd.Process.Pid, Port: port, Data: data}
	err = r.save(f.dir(s))
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	if err == nil {
		err = await(ctx, s, r, exited, logPath)
	}
	if err != nil {
		return Running{}, errors.Join(err, survivors(s.Name, stopIn(data, r.PID, s.server.stopSignals())))
	}
	return r, nil
}

// deathSignal is the harshest signal short of a kill when there is a second
// one, so that PostgreSQL's main process takes its children along.
func deathSignal(signals []stopSignal) syscall.Signal {
	if len(signals) > 2 {
		return signals[1].signal
	}
	return syscall.SIGKILL
}

// await polls until the server answers from the data folder that we gave it.
func await(ctx context.Context, s Spec, r Running, exited <-chan error, logPath string) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	var last error
	for {
		try, stop := context.WithTimeout(ctx, 5*time.Second)
		last = s.server.ready(try, r.Port, r.Data)
		stop()
		if last == nil {
			return nil
		}
		select {
		case err := <-exited:
			return exitError(err, logPath)
		case <-ctx.Done():
			return fmt.Errorf("wait for the server: %w: %w: %s", ctx.Err(), last, logTail(logPath))
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func exitError(err error, logPath string) error {
	text := logTail(logPath)
	if strings.Contains(text, "Address already in use") || strings.Contains(text, "Can't start server: Bind") || strings.Contains(text, "Bind on TCP/IP port") {
		return errPortTaken
	}
	return fmt.Errorf("the server ended at once (%v): %s", err, text)
}

func logTail(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return tail(string(text), 8)
}

// freePort asks the kernel for a port that nothing listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// save writes the state file that Down and a later Up read.
func (r Running) save(dir string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	part := filepath.Join(dir, "state.json.part")
	if err := os.WriteFile(part, text, 0o644); err != nil {
		return fmt.Errorf("record the server: %w", err)
	}
	return os.Rename(part, filepath.Join(dir, "state.json"))
}

// load reads the state file of an engine's folder; the zero value when there
// is none, or one that a crash cut short.
func load(dir string) Running {
	var r Running
	text, err := os.ReadFile(filepath.Join(dir, "state.json"))
	if err != nil || json.Unmarshal(text, &r) != nil {
		return Running{}
	}
	return r
}

// alive returns the server recorded in dir when its process still works in the
// recorded data folder.
func alive(dir string) (Running, bool) {
	r := load(dir)
	if r.PID == 0 || r.Data != filepath.Join(dir, "data") {
		return Running{}, false
	}
	for _, pid := range processesIn(r.Data) {
		if pid == r.PID {
			return r, true
		}
	}
	return Running{}, false
}

// Down stops every server of the fleet.
func (f *Fleet) Down() error {
	err := Down(f.opts.Dir)
	f.spawner.close()
	return err
}

// PIDs are the servers' main processes.
func (f *Fleet) PIDs() []int {
	var out []int
	for _, r := range f.Running {
		out = append(out, r.PID)
	}
	return out
}

// Names are the environment variables of the engines asked for, skipped ones
// included.
func (f *Fleet) Names() []string {
	var out []string
	for _, s := range f.specs {
		out = append(out, s.Env)
	}
	return append(out, skippedEnv)
}

// Environ is what the tests read: one URL per engine, and the engines that
// were skipped with their reasons.
func (f *Fleet) Environ() []string {
	var out []string
	for _, r := range f.Running {
		out = append(out, r.Env+"="+r.URL)
	}
	var skipped []string
	for _, s := range f.Skipped {
		skipped = append(skipped, s.Name+": "+s.Reason)
	}
	return append(out, skippedEnv+"="+strings.Join(skipped, "; "))
}

// Down stops whatever servers run below dir, those that a crashed run left
// behind included, and removes their data.
func Down(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("locate run folder: %w", err)
	}
	specs := All()
	errs := make([]error, len(specs))
	var wg sync.WaitGroup
	for i, s := range specs {
		wg.Go(func() { errs[i] = stopFolder(filepath.Join(dir, s.Name), s.server.stopSignals()) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// stopFolder stops the server of one engine's folder and removes the folder.
func stopFolder(dir string, signals []stopSignal) error {
	if !exists(dir) {
		return nil
	}
	left := stopIn(filepath.Join(dir, "data"), load(dir).PID, signals)
	if err := survivors(filepath.Base(dir), left); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove %s: %w", dir, err)
	}
	return nil
}

func survivors(name string, pids []int) error {
	if len(pids) == 0 {
		return nil
	}
	return fmt.Errorf("stop %s: processes %v do not end", name, pids)
}
