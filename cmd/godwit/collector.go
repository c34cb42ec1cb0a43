package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// headroom is how much garbage may pile up between two collections of a large conversion, beside a quarter of what is kept. A conversion
// keeps much of what it makes until it is printed, so that collecting often while the heap grows finds little.
const headroom = 256 << 20

// unhurried is how large the heap of a conversion that keeps much may be before the collector runs.
const unhurried = 640 << 20

// littleKept is how much garbage may pile up where little is kept, as in a dump that is nearly all rows.
const littleKept = 96 << 20

// steadyCollector keeps to percentFor until stop is called, unless the user has set how often the collector runs.
func steadyCollector() (stop func()) {
	if os.Getenv("GOGC") != "" {
		return func() {}
	}
	var stopped atomic.Bool
	var again func(*[16]byte)
	again = func(*[16]byte) { // behind each collection
		if stopped.Load() {
			return
		}
		debug.SetGCPercent(percentFor(kept()))
		runtime.SetFinalizer(new([16]byte), again)
	}
	again(nil)
	return func() { stopped.Store(true) }
}

// kept is what the last collection has found in use.
func kept() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return headroom
	}
	return s[0].Value.Uint64()
}

// leastHeap is what the runtime counts as in use at least.
const leastHeap = 4 << 20

// percentFor is the collector's percentage for what is kept: garbage may be four times as much, and littleKept at least, until the heap is as
// large as unhurried; then a quarter and headroom.
func percentFor(kept uint64) int {
	kept = max(kept, leastHeap)
	most := max(kept/4+headroom, unhurried-min(kept, unhurried))
	return int(100 * min(max(4*kept, littleKept), most) / kept)
}
