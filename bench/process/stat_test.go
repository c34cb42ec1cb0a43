package process

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	const text = "4242 (a) b (c) S 17 4242 4242 0 -1 4194560 100 200 0 0 1 2 3 4 20 0 1 0 9 0 0\n"
	want := Stat{Name: "a) b (c", State: "S", Parent: 17, CPU: 100 * time.Millisecond}
	if got, ok := parse(text); !ok || got != want {
		t.Errorf("%+v, %v, want %+v", got, ok, want)
	}
	for _, bad := range []string{"", "1", "1 (x)", "1 )x(", "1 (x) S one 0 0 0 0 0 0 0 0 0 1 2 3 4", "1 (x) S 1 0 0 0 0 0 0 0 0 0 1 2 3 four"} {
		if got, ok := parse(bad); ok {
			t.Errorf("%q: %+v", bad, got)
		}
	}
}

func TestAll(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	find := func() (s Stat, ok bool) {
		for pid, x := range All() {
			if pid == cmd.Process.Pid {
				s, ok = x, true
			}
		}
		return s, ok
	}
	if s, ok := find(); !ok || s.Parent != os.Getpid() {
		t.Errorf("a child: %+v, %v", s, ok)
	}
	cmd.Process.Kill()
	end := time.Now().Add(10 * time.Second)
	for s, _ := find(); s.State != "Z"; s, _ = find() {
		if time.Now().After(end) {
			t.Fatalf("a killed child that nobody waited for: %+v", s)
		}
		time.Sleep(5 * time.Millisecond)
	}
	cmd.Wait()
	if s, ok := find(); ok {
		t.Errorf("a child that has ended: %+v", s)
	}
}
