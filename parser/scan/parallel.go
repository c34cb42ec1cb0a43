package scan

import (
	"runtime"
	"sync"
	"sync/atomic"

	"godwit/ir"
)

// Parallel makes the units of the jobs with as many workers as are asked for, by default one for each processor, and keeps the jobs'
// order. Each worker makes units by a function of its own.
func Parallel[J any](jobs []J, workers int, worker func() func(*J) []*ir.Unit) []*ir.Unit {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	results := make([][]*ir.Unit, len(jobs))
	const batch = 16
	var next atomic.Int64
	work := func() {
		units := worker()
		for {
			from := int(next.Add(batch)) - batch
			if from >= len(jobs) {
				return
			}
			for i := from; i < min(from+batch, len(jobs)); i++ {
				results[i] = units(&jobs[i])
			}
		}
	}
	var wg sync.WaitGroup
	for range min(workers, (len(jobs)+batch-1)/batch) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	out := make([]*ir.Unit, 0, len(jobs))
	for _, r := range results {
		out = append(out, r...)
	}
	return out
}
