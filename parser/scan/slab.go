package scan

// Slab hands out values of one type from blocks, since a front end makes very many small nodes. A block lives as long as any of its
// values, so blocks are small, and begin smaller still.
type Slab[T any] struct {
	free []T
	size int
}

const slabMost = 64

// New is a new zero value.
func (s *Slab[T]) New() *T {
	if len(s.free) == 0 {
		s.size = min(2*s.size+1, slabMost)
		s.free = make([]T, s.size)
	}
	x := &s.free[0]
	s.free = s.free[1:]
	return x
}

// Slice is a new slice of the values; appending to it never writes over another one.
func (s *Slab[T]) Slice(v []T) []T {
	n := len(v)
	switch {
	case n == 0:
		return nil
	case n > slabMost/4:
		return append(make([]T, 0, n), v...)
	case n > len(s.free):
		s.size = max(min(2*s.size+1, slabMost), n)
		s.free = make([]T, s.size)
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	copy(out, v)
	return out
}
