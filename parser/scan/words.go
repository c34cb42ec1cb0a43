package scan

// Words numbers words without regard to case, and finds them without allocating: an open hash table. Numbers begin at 2, since a
// token's Word of 0 or 1 has another meaning.
type Words struct {
	list    []string
	longest int
	slots   [2048]uint16
}

// HashWord adds letters to a hash of a word, which does not depend on case. A lexer may do it letter by letter:
// h*31 + uint32(c|0x20).
func HashWord(h uint32, s string) uint32 {
	for i := 0; i < len(s); i++ {
		h = h*31 + uint32(s[i]|0x20)
	}
	return h
}

// place is where the search for a word of a hash begins.
func place(h uint32) uint32 { return h ^ h>>15 }

// Add is the number of a word in upper case; it is new if it was not there.
func (t *Words) Add(w string) (number int, isNew bool) {
	if t.list == nil {
		t.list = make([]string, 2, 1024)
	}
	if i := t.Find(w); i != 0 {
		return int(i), false
	}
	t.longest = max(t.longest, len(w))
	h := place(HashWord(0, w))
	for t.slots[h%uint32(len(t.slots))] != 0 {
		h++
	}
	t.slots[h%uint32(len(t.slots))] = uint16(len(t.list))
	t.list = append(t.list, w)
	return len(t.list) - 1, true
}

// Find is the number of a word, 0 if it is not in the table.
func (t *Words) Find(s string) uint16 { return t.Lookup(s, HashWord(0, s)) }

// Lookup is Find for a word whose hash is known.
func (t *Words) Lookup(s string, hash uint32) uint16 {
	if len(s) > t.longest {
		return 0
	}
	for h := place(hash); ; h++ {
		i := t.slots[h%uint32(len(t.slots))]
		if i == 0 || SameWord(t.list[i], s) {
			return i
		}
	}
}

// SameWord compares a word in upper case with another.
func SameWord(upper, s string) bool {
	if len(upper) != len(s) {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		if c != upper[i] {
			return false
		}
	}
	return true
}
