package fuzz

import (
	"strings"
	"testing"
)

func TestSeedsRepeat(t *testing.T) {
	for seed := range uint64(50) {
		for _, f := range []func(*Generator) *Node{(*Generator).Query, (*Generator).Change, (*Generator).Routine} {
			if a, b := f(New(seed)).String(), f(New(seed)).String(); a != b || a == "" {
				t.Fatalf("seed %d gives\n%s\nand\n%s", seed, a, b)
			}
		}
	}
}

func TestShrinkKeepsWhatFails(t *testing.T) {
	for seed := range uint64(200) {
		n := New(seed).Query()
		if !strings.Contains(n.String(), "CONCAT") {
			continue
		}
		small := Shrink(n, 500, func(n *Node) bool { return strings.Contains(n.String(), "CONCAT") })
		if s := small.String(); !strings.Contains(s, "CONCAT") || len(s) > len(n.String()) {
			t.Fatalf("%s\nshrank to\n%s", n, s)
		}
	}
}
