package engine

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func names(specs []Spec) string {
	var out []string
	for _, s := range specs {
		out = append(out, s.Name)
	}
	return strings.Join(out, ",")
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		only     []string
		optional bool
		want     string
	}{
		{nil, true, "mariadb,pg15,mysql80,pg16,pg17,pg18,mysql57,mariadb114"},
		{nil, false, "mariadb,pg15"},
		{[]string{"pg18", "mysql57", "pg18"}, false, "pg18,mysql57"},
	} {
		got, err := Choose(c.only, c.optional)
		if err != nil || names(got) != c.want {
			t.Errorf("Choose(%v, %v) = %s, %v; want %s", c.only, c.optional, names(got), err, c.want)
		}
	}
	if _, err := Choose([]string{"oracle"}, true); err == nil || !strings.Contains(err.Error(), "choose from mariadb") {
		t.Errorf("unknown engine: %v", err)
	}
}

func TestEnginesHaveDistinctNames(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		if seen[s.Name] || seen[s.Env] {
			t.Errorf("%s or %s occurs twice", s.Name, s.Env)
		}
		seen[s.Name], seen[s.Env] = true, true
	}
}

// archive makes a tar.gz from headers; a regular file holds its own name.
func archive(t *testing.T, headers ...tar.Header) *bytes.Buffer {
	t.Helper()
	var buf bytes.Buffer
	gz := gzip.NewWriter(&buf)
	tw := tar.NewWriter(gz)
	for _, h := range headers {
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(h.Name))
		}
		if err := tw.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := tw.Write([]byte(h.Name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := tw.Close(); err != nil {
		t.Fatal(err)
	}
	if err := gz.Close(); err != nil {
		t.Fatal(err)
	}
	return &buf
}

func TestUntar(t *testing.T) {
	dir := t.TempDir()
	buf := archive(t, tar.Header{Name: "./bin/server", Typeflag: tar.TypeReg, Mode: 0o755},
		tar.Header{Name: "bin/alias", Typeflag: tar.TypeSymlink, Linkname: "server"})
	if err := untar(buf, dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "bin", "alias"))
	if err != nil || string(text) != "./bin/server" {
		t.Errorf("read through the link: %q, %v", text, err)
	}
	if st, err := os.Stat(filepath.Join(dir, "bin", "server")); err != nil || st.Mode().Perm()&0o100 == 0 {
		t.Errorf("the server is not executable: %v, %v", st.Mode(), err)
	}
}

func TestUntarRefusesToLeave(t *testing.T) {
	for _, h := range []tar.Header{
		{Name: "../evil", Typeflag: tar.TypeReg},
		{Name: "/evil", Typeflag: tar.TypeReg},
		{Name: "link", Typeflag: tar.TypeSymlink, Linkname: "../../etc"},
		{Name: "link", Typeflag: tar.TypeSymlink, Linkname: "/etc"},
	} {
		if err := untar(archive(t, h), t.TempDir()); err == nil {
			t.Errorf("%s -> %s was unpacked", h.Name, h.Linkname)
		}
	}
}

func TestUnzipRefusesToLeave(t *testing.T) {
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	if _, err := zw.Create("../evil"); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	if err := unzip(z, t.TempDir()); err == nil {
		t.Error("../evil was unpacked")
	}
}

func TestMakeLinks(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := writeFile(filepath.Join(root, name), strings.NewReader(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("native/lib/libpq.so.5.18", "library")
	write("native/pg-symlinks.json", `[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so"}]`)
	for range 2 { // the second time the link is there
		if err := makeLinks(root); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(root, "native/lib/libpq.so")); err != nil || string(text) != "library" {
		t.Errorf("read through the link: %q, %v", text, err)
	}
	write("native/pg-symlinks.json", `[{"source":"native/lib/libpq.so.5.18","target":"../out"}]`)
	if err := makeLinks(root); err == nil {
		t.Error("a link out of the package was made")
	}
}

func TestCachedKeepsOnlyWhatSucceeded(t *testing.T) {
	h := &Host{Cache: t.TempDir(), Logf: t.Logf}
	ctx := context.Background()
	fills := 0
	fill := func(fail bool) func(string) error {
		return func(dir string) error {
			fills++
			if fail {
				return os.ErrInvalid
			}
			return os.WriteFile(filepath.Join(dir, "f"), nil, 0o644)
		}
	}
	if _, err := h.cached(ctx, "k", fill(true)); err == nil {
		t.Error("the error of a failed fill is lost")
	}
	for range 2 {
		dir, err := h.cached(ctx, "k", fill(false))
		if err != nil || !exists(filepath.Join(dir, "f")) {
			t.Errorf("cached: %s, %v", dir, err)
		}
	}
	if fills != 2 {
		t.Errorf("filled %d times, want one failure and one success", fills)
	}
}

// sleeper starts a process that works in dir and ignores SIGTERM.
func sleeper(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command("sh", "-c", "trap '' TERM; echo ready; sleep 60; sleep 60")
	cmd.Dir = dir
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	go cmd.Wait()
	return cmd
}

func TestStopInEndsWhatIgnoresSignals(t *testing.T) {
	dir := t.TempDir()
	cmd := sleeper(t, dir)
	signals := []stopSignal{{syscall.SIGTERM, 200 * time.Millisecond}, {syscall.SIGKILL, 5 * time.Second}}
	if left := stopIn(dir, cmd.Process.Pid, signals); len(left) != 0 {
		t.Errorf("processes %v are left", left)
	}
}

func TestStopInSparesAReusedProcessNumber(t *testing.T) {
	elsewhere := t.TempDir()
	cmd := sleeper(t, elsewhere)
	signals := []stopSignal{{syscall.SIGKILL, time.Second}}
	stopIn(t.TempDir(), cmd.Process.Pid, signals)
	if len(processesIn(elsewhere)) == 0 {
		t.Error("a process that works elsewhere was killed")
	}
	stopIn(elsewhere, cmd.Process.Pid, signals)
}

func TestUnreachable(t *testing.T) {
	dir := t.TempDir()
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	if got := unreachable(filepath.Join(closed, "a", "b")); got != closed {
		t.Errorf("unreachable = %q, want %q", got, closed)
	}
}
