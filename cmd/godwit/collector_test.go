package main

import "testing"

// How large the heap grows, in MB, by what is kept of it.
func TestPercentFor(t *testing.T) {
	for kept, want := range map[uint64]uint64{0: 100, 4: 100, 20: 116, 50: 250, 100: 500, 200: 640, 400: 756, 800: 1256, 2000: 2756} {
		in := max(kept<<20, leastHeap)
		if heap := (in + in*uint64(percentFor(kept<<20))/100) >> 20; heap > want || heap < want-want/50 {
			t.Errorf("%d MB kept: the heap grows to %d MB, want %d", kept, heap, want)
		}
	}
}
