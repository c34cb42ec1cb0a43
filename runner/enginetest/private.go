package enginetest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Server is a database server of one test alone, which the test may kill.
type Server struct {
	URL string // the administrator's

	t    testing.TB
	pid  int
	data string
	argv []string
	cred *syscall.Credential
}

// Private starts servers for a test alone, with fsync on, by the names that the engines command knows. They end with the
// test. Without the command, which scripts/test names in GODWIT_TEST_ENGINES, the test is skipped.
func Private(t testing.TB, names ...string) []*Server {
	t.Helper()
	command := os.Getenv("GODWIT_TEST_ENGINES")
	if command == "" {
		t.Skip("skipped: servers to kill: GODWIT_TEST_ENGINES is not set; run the tests with scripts/test")
	}
	dir, err := os.MkdirTemp("", "godwit-private-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // servers run as another user
		t.Fatal(err)
	}
	engines := func(args ...string) {
		cmd := exec.Command(command, args...)
		cmd.Env = append(os.Environ(), "GODWIT_ENGINES="+filepath.Dir(filepath.Dir(command)))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("engines %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	t.Cleanup(func() {
		engines("down", "--dir", dir)
		os.RemoveAll(dir)
	})
	engines("up", "--only", strings.Join(names, ","), "--durable", "--dir", dir)
	out := make([]*Server, len(names))
	for i, n := range names {
		out[i] = &Server{t: t}
		if err := out[i].read(filepath.Join(dir, n, "state.json")); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// read learns from the engines command's record and from the process how the server is started.
func (s *Server) read(state string) error {
	b, err := os.ReadFile(state)
	if err != nil {
		return err
	}
	var v struct {
		URL, Data string
		PID       int
	}
	if err := json.Unmarshal(b, &v); err != nil {
		return fmt.Errorf("%s: %w", state, err)
	}
	s.URL, s.data, s.pid = v.URL, v.Data, v.PID
	cmdline, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", s.pid))
	if err != nil {
		return err
	}
	for _, a := range bytes.Split(bytes.TrimRight(cmdline, "\x00"), []byte{0}) {
		s.argv = append(s.argv, string(a))
	}
	if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", s.pid)); err == nil {
		s.argv[0] = exe
	}
	st, err := os.Stat(s.data)
	if err != nil {
		return err
	}
	if owner, ok := st.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		s.cred = &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
	}
	return nil
}

// Kill ends the server at once, as a crash does.
func (s *Server) Kill() {
	s.t.Helper()
	if err := syscall.Kill(s.pid, syscall.SIGKILL); err != nil {
		s.t.Fatalf("kill the server: %v", err)
	}
}

// Start starts the killed server again and waits until it answers.
func (s *Server) Start() {
	s.t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		exited := s.launch()
		for running := true; running && time.Now().Before(end); {
			if s.answers() == nil {
				return
			}
			select {
			case <-exited: // what the killed one left was still in the way
				running = false
			case <-time.After(50 * time.Millisecond):
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatalf("the server %s does not come back", s.URL)
}

func (s *Server) launch() <-chan struct{} {
	s.t.Helper()
	cmd := exec.Command(s.argv[0], s.argv[1:]...)
	cmd.Dir = s.data
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: s.cred, Setsid: true}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.pid = cmd.Process.Pid
	exited := make(chan struct{})
	go func() {
		cmd.Wait()
		close(exited)
	}()
	return exited
}

func (s *Server) answers() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if strings.HasPrefix(s.URL, "postgres") {
		c, err := pgx.Connect(ctx, s.URL)
		if err != nil {
			return err
		}
		return c.Close(ctx)
	}
	db, err := openMySQL(s.URL)
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

// Restart ends the server and starts it with further arguments, after files were put into its data folder.
func (s *Server) Restart(files map[string][]byte, args ...string) {
	s.t.Helper()
	s.Kill()
	for name, content := range files {
		path := filepath.Join(s.data, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			s.t.Fatal(err)
		}
		if s.cred != nil {
			if err := os.Chown(path, int(s.cred.Uid), int(s.cred.Gid)); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	s.argv = append(s.argv, args...)
	s.Start()
}
