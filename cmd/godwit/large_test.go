package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/runner/enginetest"
)

// largeRows is how many rows the large transaction has; five million with GODWIT_TEST_FAULTS=all.
func largeRows() int {
	if os.Getenv("GODWIT_TEST_FAULTS") == "all" {
		return 5_000_000
	}
	return 300_000
}

// largeMemory is what a run may take at most, in bytes.
const largeMemory = 1 << 30

const largeChildEnv = "GODWIT_LARGE_CHILD"

// TestLargeTransaction: a transaction of millions of rows needs little memory and no disk of the run's own. The target's disk is full
// in the middle of it, and the run waits and goes on by itself when there is room; it is killed in the middle, and the next one
// begins in front of it. Nobody sees a part of it, and in the end all of it is there once.
func TestLargeTransaction(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("skipped: only root can make a disk that is full")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	w := &way{mySource: newMySource(t, enginetest.FreshMariaDB, "large"), ctx: ctx}
	pg := enginetest.Private(t, "pg15")[0]
	w.dst = pg.URL
	w.source("CREATE TABLE big (id INT PRIMARY KEY, s VARCHAR(60))")
	w.source("CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)")
	w.source("INSERT INTO account VALUES (1, 1000)")
	w.path = filepath.Join(t.TempDir(), "large.yaml")
	w.write(w.path, fmt.Sprintf("name: large\nsource: {url: %q}\ntarget: {url: %q}\n", w.url, w.dst))
	w.godwit(0, "migrate", w.path, "--until", "verified")
	d := &smallDisk{way: w, dir: filepath.Join(t.TempDir(), "disk")}
	d.full(int64(largeRows()) * 30)

	w.source("SET autocommit = 1")
	tx, err := w.my.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	for _, q := range []string{"UPDATE account SET balance = 1", fmt.Sprintf("INSERT INTO big SELECT seq, REPEAT('x', 20 + seq %% 40) FROM seq_1_to_%d", largeRows()), "UPDATE account SET balance = 2"} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}

	c := w.child()
	c.says("No space left on device")
	c.says("interrupted, trying again")
	d.nothing()
	before := d.size()
	d.room()
	for end := time.Now().Add(5 * time.Minute); d.size() < before*5/4; {
		if time.Now().After(end) || c.ended() {
			t.Fatalf("the run does not go on when there is room:\n%s", c.text())
		}
		time.Sleep(50 * time.Millisecond)
	}
	d.nothing()
	first := c.kill()
	d.nothing()

	c = w.child()
	peak := int64(0)
	for !c.ended() {
		peak = max(peak, c.memory())
		time.Sleep(100 * time.Millisecond)
	}
	if code := c.code; code != 0 {
		t.Fatalf("code %d\n%s", code, c.text())
	}
	t.Logf("%d rows: %d MB at most before the kill, %d MB behind it", largeRows(), first>>20, peak>>20)
	if max(first, peak) > largeMemory || peak == 0 {
		t.Errorf("the runs took %d and %d bytes", first, peak)
	}
	if got, want := d.state(), fmt.Sprintf("%d 2", largeRows()); got != want {
		t.Errorf("the target has %s, want %s", got, want)
	}
	w.godwit(0, "verify", w.path, "--static")
}

// write makes a file.
func (w *way) write(path, text string) {
	w.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// smallDisk holds the target's large table.
type smallDisk struct {
	*way
	dir string
}

func (d *smallDisk) query(q string) string {
	d.t.Helper()
	c, err := pgx.Connect(d.ctx, d.dst)
	if err != nil {
		d.t.Fatal(err)
	}
	defer c.Close(context.Background())
	if strings.HasPrefix(q, "SELECT") {
		var s string
		if err := c.QueryRow(d.ctx, strings.ReplaceAll(q, "$.", pgx.Identifier{d.schema}.Sanitize()+".")).Scan(&s); err != nil {
			d.t.Fatalf("%s: %v", q, err)
		}
		return s
	}
	if _, err := c.Exec(d.ctx, strings.ReplaceAll(q, "$.", pgx.Identifier{d.schema}.Sanitize()+".")); err != nil {
		d.t.Fatalf("%s: %v", q, err)
	}
	return ""
}

// full puts the table on a disk of so many bytes.
func (d *smallDisk) full(bytes int64) {
	if err := os.MkdirAll(d.dir, 0o755); err != nil {
		d.t.Fatal(err)
	}
	d.mount(fmt.Sprintf("size=%d", bytes))
	d.t.Cleanup(func() { syscall.Unmount(d.dir, syscall.MNT_DETACH) })
	data := d.query("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
	st, err := os.Stat(data)
	if err != nil {
		d.t.Fatal(err)
	}
	owner := st.Sys().(*syscall.Stat_t)
	space := filepath.Join(d.dir, "space")
	if err := os.Mkdir(space, 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.Chown(space, int(owner.Uid), int(owner.Gid)); err != nil {
		d.t.Fatal(err)
	}
	for p := d.dir; p != "/"; p = filepath.Dir(p) { // the server is another user
		if p == os.TempDir() {
			break
		}
		os.Chmod(p, 0o755)
	}
	d.query("CREATE TABLESPACE small LOCATION '" + space + "'")
	d.query("ALTER TABLE $.big SET TABLESPACE small")
}

// room makes the disk large.
func (d *smallDisk) room() { d.mount("remount,size=8g") }

func (d *smallDisk) mount(options string) {
	d.t.Helper()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", d.dir).CombinedOutput(); err != nil {
		d.t.Skipf("skipped: a disk that is full: %v %s", err, out)
	}
}

func (d *smallDisk) size() int64 {
	n, err := strconv.ParseInt(d.query("SELECT pg_table_size('$.big')::text"), 10, 64)
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *smallDisk) state() string {
	return d.query("SELECT concat((SELECT count(*) FROM $.big), ' ', (SELECT balance FROM $.account))")
}

// nothing of the transaction is to be seen.
func (d *smallDisk) nothing() {
	d.t.Helper()
	if got := d.state(); got != "0 1000" {
		d.t.Errorf("a part of the transaction is to be seen: %s", got)
	}
}

// process is a run of godwit migrate as a process of its own.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	mu   sync.Mutex
	out  strings.Builder
	done chan struct{}
	code int
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(b)
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.String()
}

func (w *way) child() *process {
	w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	p := &process{t: w.t, cmd: exec.Command(self, "-test.run", "^TestLargeChild$"), done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), largeChildEnv+"="+w.path)
	p.cmd.Stdout, p.cmd.Stderr = p, p
	if err := p.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	go func() {
		p.cmd.Wait()
		p.code = p.cmd.ProcessState.ExitCode()
		close(p.done)
	}()
	w.t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.done
	})
	return p
}

// TestLargeChild is the process that TestLargeTransaction kills.
func TestLargeChild(t *testing.T) {
	path := os.Getenv(largeChildEnv)
	if path == "" {
		t.Skip("skipped: it is the process that TestLargeTransaction kills")
	}
	if code := run(context.Background(), []string{"migrate", path, "--until", "caught-up", "--skip-check"}, strings.NewReader(""), os.Stdout, os.Stderr); code != 0 {
		t.Fatalf("code %d", code)
	}
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// says waits until the process has printed a text.
func (p *process) says(want string) {
	p.t.Helper()
	for end := time.Now().Add(10 * time.Minute); !strings.Contains(p.text(), want); {
		if p.ended() || time.Now().After(end) {
			p.t.Fatalf("the run does not say %q:\n%s", want, p.text())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// memory is the most that the process has had in memory.
func (p *process) memory() int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for _, l := range strings.Split(string(b), "\n") {
		if f := strings.Fields(l); len(f) == 3 && f[0] == "VmHWM:" {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n << 10
		}
	}
	return 0
}

// kill ends the process at once and tells its memory.
func (p *process) kill() int64 {
	p.t.Helper()
	n := p.memory()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Errorf("the run had ended: %v", err)
	}
	<-p.done
	return n
}
