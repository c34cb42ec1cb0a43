package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// testHost is a host with a cache that the servers' account can reach.
func testHost(t *testing.T) *Host {
	t.Helper()
	dir, err := os.MkdirTemp("/var/tmp", "godwit-engine-test-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	h, err := NewHost(dir, true, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// chosen returns one engine, or skips the test where its binaries are missing:
// a unit test installs nothing.
func chosen(t *testing.T, name, binary string) []Spec {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: this test starts a server")
	}
	if !exists(binary) {
		if os.Getenv("GODWIT_TEST_REQUIRE") == "1" {
			t.Fatalf("%s is missing; run the tests with scripts/test", binary)
		}
		t.Skipf("skipped: %s: %s is missing", name, binary)
	}
	specs, err := Choose([]string{name}, false)
	if err != nil {
		t.Fatal(err)
	}
	return specs
}

func TestUpAndDown(t *testing.T) {
	for name, binary := range map[string]string{"pg15": "/usr/lib/postgresql/15/bin/postgres", "mariadb": "/usr/sbin/mariadbd"} {
		t.Run(name, func(t *testing.T) {
			specs := chosen(t, name, binary)
			h := testHost(t)
			ctx := context.Background()
			opts := Options{Dir: filepath.Join(h.Cache, "up")}
			first, err := Up(ctx, h, specs, opts)
			if err != nil {
				t.Fatal(err)
			}
			again, err := Up(ctx, h, specs, opts)
			if err != nil {
				t.Fatal(err)
			}
			if first.Running[0] != again.Running[0] {
				t.Errorf("a second Up did not keep the server: %v, then %v", first.Running, again.Running)
			}
			if env := strings.Join(again.Environ(), "\n"); !strings.Contains(env, specs[0].Env+"="+first.Running[0].URL) {
				t.Errorf("environment: %s", env)
			}
			// The main process dies at once; Down must clear what it leaves.
			if err := syscall.Kill(first.Running[0].PID, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			waitGone(first.Running[0].Data, 5*time.Second)
			third, err := Up(ctx, h, specs, opts)
			if err != nil {
				t.Fatalf("Up after the server died: %v", err)
			}
			if third.Running[0].PID == first.Running[0].PID {
				t.Error("a dead server was kept")
			}
			if err := Down(opts.Dir); err != nil {
				t.Fatal(err)
			}
			if left := processesIn(first.Running[0].Data); len(left) != 0 || exists(filepath.Join(opts.Dir, name)) {
				t.Errorf("after Down: processes %v, folder there: %v", left, exists(filepath.Join(opts.Dir, name)))
			}
			if err := Down(opts.Dir); err != nil {
				t.Errorf("Down with nothing to stop: %v", err)
			}
		})
	}
}

func TestUpReportsWhatAServerSaid(t *testing.T) {
	specs := chosen(t, "pg15", "/usr/lib/postgresql/15/bin/postgres")
	specs[0].server = wrongSetting{}
	h := testHost(t)
	_, err := Up(context.Background(), h, specs, Options{Dir: filepath.Join(h.Cache, "up")})
	if err == nil || !strings.Contains(err.Error(), "no_such_setting") || !strings.Contains(err.Error(), "PostgreSQL 15") {
		t.Errorf("required engine that cannot start: %v", err)
	}
	specs[0].Required = false
	f, err := Up(context.Background(), h, specs, Options{Dir: filepath.Join(h.Cache, "up")})
	if err != nil {
		t.Fatalf("optional engine that cannot start: %v", err)
	}
	defer f.Down()
	if len(f.Skipped) != 1 || !strings.Contains(f.Environ()[0], "GODWIT_TEST_SKIPPED=pg15: ") {
		t.Errorf("skipped %v, environment %v", f.Skipped, f.Environ())
	}
}

// wrongSetting is PostgreSQL with a setting that does not exist.
type wrongSetting struct{ postgresServer }

func (w wrongSetting) command(in Install, data string, port int, durable bool) []string {
	return append(w.postgresServer.command(in, data, port, durable), "-c", "no_such_setting=1")
}
