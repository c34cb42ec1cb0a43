package engine

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Host is the machine as the engines see it: where archives are cached, which
// account runs the servers, and where progress is told.
type Host struct {
	// Cache is the folder of downloads and unpacked archives.
	Cache string
	// Logf tells progress; it must be safe for concurrent use.
	Logf func(format string, args ...any)

	account *syscall.Credential // nil: the servers run as the caller
	install sync.Mutex          // one installation at a time in this process

	aptUpdated bool // guarded by install
}

// NewHost prepares the cache folder. When the caller is root the servers run
// as an unprivileged account, because PostgreSQL refuses root; a default cache
// folder which that account cannot reach is replaced by one that it can.
func NewHost(cache string, explicit bool, logf func(string, ...any)) (*Host, error) {
	cache, err := filepath.Abs(cache)
	if err != nil {
		return nil, fmt.Errorf("locate cache folder: %w", err)
	}
	h := &Host{Logf: logf}
	if os.Geteuid() == 0 {
		if h.account, err = unprivileged(); err != nil {
			return nil, err
		}
		if blocked := unreachable(cache); blocked != "" {
			if explicit {
				return nil, fmt.Errorf("cache folder %s: the account that runs the servers cannot pass %s; choose another folder with GODWIT_ENGINES", cache, blocked)
			}
			sum := sha256.Sum256([]byte(cache))
			moved := filepath.Join("/var/tmp", fmt.Sprintf("godwit-engines-%x", sum[:4]))
			logf("cache folder %s is closed to other accounts at %s: using %s", cache, blocked, moved)
			cache = moved
		}
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, fmt.Errorf("make cache folder: %w", err)
	}
	h.Cache = cache
	return h, nil
}

// unprivileged returns the account "nobody", or another daemon account.
func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"nobody", "postgres", "daemon"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil && uid != 0 {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("find an unprivileged account to run the servers: none of nobody, postgres, daemon exists; run as an ordinary user instead of root")
}

// unreachable returns the first existing parent folder of path that other
// accounts cannot pass, or "".
func unreachable(path string) string {
	for dir := path; ; dir = filepath.Dir(dir) {
		if st, err := os.Stat(dir); err == nil && st.Mode().Perm()&0o001 == 0 {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// privateDir makes dir fresh and empty, owned by the account of the servers.
func (h *Host) privateDir(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("clear %s: %w", dir, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	return h.own(dir)
}

func (h *Host) own(path string) error {
	if h.account == nil {
		return nil
	}
	if err := os.Chown(path, int(h.account.Uid), int(h.account.Gid)); err != nil {
		return fmt.Errorf("give %s to the servers' account: %w", path, err)
	}
	return nil
}

// serverEnv is the environment of initialisation and servers: neutral locale,
// UTC, and nothing of the caller's PG*, MYSQL* or preload settings.
func serverEnv(home string) []string {
	return []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + home, "LC_ALL=C.UTF-8", "TZ=UTC"}
}

// asServer runs an initialisation command as the account of the servers.
func (h *Host) asServer(ctx context.Context, dir string, argv ...string) error {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = serverEnv(dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: h.account, Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return runQuiet(cmd)
}

// runQuiet runs cmd and puts the end of its output into the error.
func runQuiet(cmd *exec.Cmd) error {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, tail(out.String(), 12))
	}
	return nil
}

// tail returns the last n lines of text that are not blank, joined by " | ".
func tail(text string, n int) string {
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return strings.Join(lines, " | ")
}

// lock takes the machine-wide lock of the cache folder, so that two runs do
// not install the same thing at once. The returned function releases it.
func (h *Host) lock(ctx context.Context) (func(), error) {
	f, err := os.OpenFile(filepath.Join(h.Cache, "install.lock"), os.O_CREATE|os.O_RDWR|syscall.O_CLOEXEC, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open install lock: %w", err)
	}
	if err := flock(ctx, f); err != nil {
		f.Close()
		return nil, fmt.Errorf("wait for install lock %s: %w", f.Name(), err)
	}
	return func() { f.Close() }, nil
}
