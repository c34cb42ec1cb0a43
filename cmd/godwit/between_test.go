package main

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"godwit/runner/enginetest"
)

// TestServerLostBetweenSteps: connections that are lost between load, stream and verification cost time only, and it is said.
func TestServerLostBetweenSteps(t *testing.T) {
	m := newMove(t, enginetest.FreshMariaDB)
	mv := m.mover()
	if err := mv.applyBefore(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	mv.log = slog.New(slog.NewTextHandler(&log, nil))
	tries := 0
	err := mv.again(t.Context(), func() error {
		if tries++; tries > 1 {
			_, err := mv.p.history(t.Context())
			return err
		}
		_, err := mv.p.pool.Exec(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())") // as a server that is stopped does
		return err
	})
	if err != nil || tries != 2 || !strings.Contains(log.String(), "interrupted, trying again") {
		t.Errorf("%d tries: %v; %s", tries, err, log.String())
	}
	tries = 0
	if err := mv.again(t.Context(), func() error {
		tries++
		_, err := mv.p.pool.Exec(t.Context(), "SELECT 1 / 0")
		return err
	}); err == nil || tries != 1 {
		t.Errorf("%d tries of what is no lost connection: %v", tries, err)
	}
}

// TestStreamThatStands: a comparison tells early that it waits for a change stream, and gives up once, not table by table.
func TestStreamThatStands(t *testing.T) {
	p := newTask(t, enginetest.FreshMariaDB, "stands")
	p.source("CREATE TABLE a (id INT PRIMARY KEY)")
	godwitOK(t, "migrate", p.task, "--until", "verified")
	p.source("INSERT INTO a VALUES (1)")
	pr, err := openConverted(t.Context(), p.task)
	if err != nil {
		t.Fatal(err)
	}
	defer pr.Close()
	src, err := mysqlSource(t.Context(), pr)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	var told bytes.Buffer
	f := &streamFence{p: pr, src: src, still: quietFor + time.Second, told: &told}
	wait := func() (time.Duration, error) {
		began := time.Now()
		reached, err := f.mark(t.Context())
		if err != nil {
			t.Error(err)
			return 0, nil
		}
		err = reached(t.Context())
		return time.Since(began), err
	}
	var both sync.WaitGroup
	for range 2 {
		both.Add(1)
		go func() {
			defer both.Done()
			if d, err := wait(); err == nil || d < f.still {
				t.Errorf("after %v: %v", d, err)
			}
		}()
	}
	both.Wait()
	if got := told.String(); strings.Count(got, "is godwit migrate running?") != 1 {
		t.Errorf("told: %s", got)
	}
	if d, err := wait(); err == nil || d > f.still-time.Second {
		t.Errorf("the next table waited for %v: %v", d, err)
	}
	godwitOK(t, "migrate", p.task, "--until", "caught-up")
	if _, err := wait(); err != nil {
		t.Errorf("behind a stream that goes on: %v", err)
	}
}
