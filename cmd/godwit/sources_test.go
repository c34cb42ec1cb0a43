package main

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"godwit/runner/enginetest"
)

// freshSource makes a database of a test on one kind of server.
type freshSource = func(testing.TB, string) (string, *sql.DB)

// eachSource runs a test with each family of sources.
func eachSource(t *testing.T, test func(*testing.T, freshSource)) {
	t.Run("mariadb", func(t *testing.T) { test(t, enginetest.FreshMariaDB) })
	t.Run("mysql80", func(t *testing.T) { test(t, enginetest.FreshMySQL80) })
}

// mySource is the source database of a test.
type mySource struct {
	t      *testing.T
	my     *sql.DB
	url    string
	schema string
}

func newMySource(t *testing.T, fresh freshSource, name string) mySource {
	t.Helper()
	s := mySource{t: t}
	s.url, s.my = fresh(t, name)
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	s.schema = strings.TrimPrefix(u.Path, "/")
	return s
}

func (s mySource) source(q string, args ...any) {
	s.t.Helper()
	if _, err := s.my.Exec(q, args...); err != nil {
		s.t.Fatalf("%.100s: %v", q, err)
	}
}

// writers do one transaction after the other, each writer with a count of its own, until the result is called, which tells
// how many there were.
func (s mySource) writers(n int, pause time.Duration, one func(r *rand.Rand, writer, count int) error) (stop func() int) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	counts := make([]int, n)
	for w := range counts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := rand.New(rand.NewPCG(7, uint64(w)))
			for ; ctx.Err() == nil; counts[w]++ {
				if err := one(r, w, counts[w]); err != nil {
					s.t.Errorf("writer: %v", err)
					return
				}
				time.Sleep(pause)
			}
		}()
	}
	stop = sync.OnceValue(func() int {
		cancel()
		wg.Wait()
		total := 0
		for _, c := range counts {
			total += c
		}
		return total
	})
	s.t.Cleanup(func() { stop() })
	return stop
}
