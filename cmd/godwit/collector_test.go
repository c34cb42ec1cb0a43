package main

import "testing"

// What is kept and what piles up beside it stays below a gigabyte up to 600 MB that are kept.
func TestPercentFor(t *testing.T) {
	for _, kept := range []uint64{0, 4 << 20, 50 << 20, 200 << 20, 600 << 20, 2 << 30} {
		p := uint64(percentFor(kept))
		room := max(kept, leastHeap) * p / 100
		if least, most := uint64(headroom)*9/10, headroom+kept/4+leastHeap; room < least || room > most {
			t.Errorf("%d MB kept: %d%% lets %d MB pile up", kept>>20, p, room>>20)
		}
	}
}
