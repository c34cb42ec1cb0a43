package migrate

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/runner/enginetest"
)

// The fault test: while clerks work in the bank, the mover, both servers and the network between them fail at random
// moments, again and again. Nobody helps but by starting again what was killed. The rules are those of the kill test:
// the sum of all balances is right in every state that a reader of the target sees, and in the end every row is the same.

// faults is how many of each kind happen per kind of source.
type faults struct{ mover, source, target, cuts, stalls int }

// some are those of a normal run; GODWIT_TEST_FAULTS=all makes it the full number.
var (
	someFaults = faults{mover: 10, source: 3, target: 3, cuts: 6, stalls: 2}
	allFaults  = faults{mover: 50, source: 15, target: 15, cuts: 24, stalls: 6}
)

func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: faults take minutes")
	}
	n := someFaults
	if os.Getenv("GODWIT_TEST_FAULTS") == "all" {
		n = allFaults
	}
	t.Parallel()
	for _, source := range []string{"mariadb", "mysql80"} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			testFaults(t, source, n)
		})
	}
}

// faultRig is a bank on servers of its own, with a proxy in front of each.
type faultRig struct {
	*rig
	src, dst *enginetest.Server
	toSrc    *enginetest.Proxy
	toDst    *enginetest.Proxy
	mover    *mover
	said     strings.Builder // what killed movers have said
	rnd      *rand.Rand
}

func newFaultRig(t *testing.T, source string) *faultRig {
	t.Helper()
	servers := enginetest.Private(t, source, "pg15")
	r := &faultRig{rig: rigOn(t, servers[0].URL, "bank", servers[1].URL), src: servers[0], dst: servers[1]}
	t.Cleanup(func() { r.db.SetMaxIdleConns(0) }) // those to a server that was killed
	r.my("%s", bankMy)
	r.pg(bankPg)
	fillBank(r.rig)
	r.toSrc, r.toDst = enginetest.NewProxy(t, r.srcURL), enginetest.NewProxy(t, r.dstURL)
	return r
}

func (r *faultRig) start() {
	r.mover = startMover(r.t.(*testing.T), r.toSrc.URL, r.toDst.URL, r.schema)
}

func (r *faultRig) kill() {
	out := r.mover.kill(r.t.(*testing.T))
	r.said.WriteString(out)
	if strings.Contains(out, "child ended") {
		r.t.Fatalf("the mover ended by itself (items without an order on the source: %s):\n%s", r.orphans(), out)
	}
}

// position is how far the target is, "" while it does not answer.
func (r *faultRig) position() (position, phase string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, r.dst.URL)
	if err != nil {
		return "", ""
	}
	defer c.Close(context.Background())
	_ = c.QueryRow(ctx, "SELECT coalesce(position, '') || ' ' || transactions, phase FROM godwit.progress").Scan(&position, &phase) // nothing yet
	return position, phase
}

// advances waits until the mover has applied something again.
func (r *faultRig) advances() {
	r.t.Helper()
	before, _ := r.position()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if now, phase := r.position(); now != "" && now != before && phase != "new" && phase != "loading" {
			return
		}
	}
	r.kill()
	r.t.Fatalf("the mover does not go on:\n%s", tail(r.said.String(), 4000))
}

func tail(s string, n int) string { return s[max(0, len(s)-n):] }

func (r *faultRig) pause(least, more int) {
	time.Sleep(time.Duration(least+r.rnd.IntN(more)) * time.Millisecond)
}

// openBound makes a started source open both tables of its foreign key before anybody writes. MySQL 8.0.15 does not cascade
// a DELETE that comes while it opens them: of 60 restarts with 16 writers waiting, 6 left items without an order; with this,
// none of 60. The binary log tells nothing of it, so that no mover could follow.
func (r *faultRig) openBound() {
	r.t.Helper()
	var err error
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if _, err = r.db.Exec("DO (SELECT COUNT(*) FROM orders JOIN items ON items.o = orders.id)"); err == nil {
			return
		}
	}
	r.t.Fatalf("the source does not come back: %v", err)
}

// events is a list of all faults in random order; the first few come during the load.
func (r *faultRig) events(n faults, clerks *group) []func() {
	var list []func()
	add := func(times int, f func()) {
		for range times {
			list = append(list, f)
		}
	}
	add(n.mover, func() {
		r.kill()
		r.start()
	})
	add(n.source, func() {
		r.src.Kill()
		r.pause(100, 900)
		clerks.gate.Lock()
		defer clerks.gate.Unlock()
		r.src.Start()
		r.openBound()
	})
	add(n.target, func() {
		r.dst.Kill()
		r.pause(100, 900)
		r.dst.Start()
	})
	add(n.cuts, func() { []*enginetest.Proxy{r.toSrc, r.toDst}[r.rnd.IntN(2)].Cut() })
	add(n.stalls, func() {
		p := []*enginetest.Proxy{r.toSrc, r.toDst}[r.rnd.IntN(2)]
		p.Stall(time.Duration(500+r.rnd.IntN(2500)) * time.Millisecond)
		if r.rnd.IntN(2) == 0 {
			p.Cut()
		}
	})
	r.rnd.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
	return list
}

func testFaults(t *testing.T, source string, n faults) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("GODWIT_TEST_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("GODWIT_TEST_SEED=%d", seed)
	r := newFaultRig(t, source)
	r.rnd = rand.New(rand.NewPCG(seed, 2))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	clerks := startClerks(ctx, t, r.db, seed)
	clerks.patient.Store(true)
	watch := startWatch(ctx, t, r.dstURL)
	r.start()
	list := r.events(n, clerks)
	for i, event := range list {
		r.pause(20, 400)
		event()
		if i >= len(list)/10 { // the first ones may interrupt the load for good
			r.advances()
		}
	}
	cancel()
	done := clerks.wait()
	r.kill()
	run(t, bankTask(r.srcURL, r.dstURL), Options{Tables: bank(r.schema), Hooks: bankHooks(r.dstURL), Until: Until{CaughtUp: true}})
	seen := watch.wait()
	retries := strings.Count(r.said.String(), "trying again")
	t.Logf("%d kills of the mover, %d of the source, %d of the target, %d cuts and %d stalls of the network: the mover went on by itself %d times; "+
		"%d transactions on the source, %d states of the target seen", n.mover, n.source, n.target, n.cuts, n.stalls, retries, done, seen)
	if retries < n.source+n.target || done < 200 || seen < 50 {
		t.Error("too little happened")
	}
	compareBank(r.rig)
}
