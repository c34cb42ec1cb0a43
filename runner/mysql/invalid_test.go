package mysql

import (
	"encoding/binary"
	"testing"
)

// TestMend has bytes that are no text; what is before and behind them stays, and each character that the servers count
// becomes one U+FFFD.
func TestMend(t *testing.T) {
	pairs := &tableText{two: map[uint16]string{0x8140: "丂", 0xaaa1: ""}}
	for i := range 0x80 {
		pairs.one[i] = string(rune(i))
	}
	for _, c := range []struct {
		d        decoder
		in, want string
	}{
		{utf8Text{}, "a\xed\xa0\x80b", "a\uFFFDb"},
		{utf8Text{}, "\xed\xa0\xbd\xed\xb8\x80", "\uFFFD\uFFFD"},
		{utf8Text{}, "é\xff\xe2\x82", "é\uFFFD\uFFFD\uFFFD"},
		{utf8Text{}, "\uFFFD\xed\xa0", "\uFFFD\uFFFD\uFFFD"},
		{asciiText{}, "a\x80b", "a\uFFFDb"},
		{utf16Text{binary.BigEndian}, "\x00a\xd8\x00\x00b\xd8\x3d\xde\x00\xdc", "a\uFFFDb😀\uFFFD"},
		{utf16Text{binary.LittleEndian}, "\x00\xdca\x00", "\uFFFDa"},
		{utf32Text{}, "\x00\x00\xd8\x00\x00\x00\x00a\x00\x11\x00\x00\x00", "\uFFFDa\uFFFD\uFFFD"},
		{pairs, "?\x81\x40\xaa\xa1a\x81", "?丂\uFFFDa\uFFFD"},
		{pairs, "\xaaab", "\uFFFDab"},
	} {
		if _, err := c.d.decode(nil, []byte(c.in)); err != errEncoding {
			t.Errorf("%T %q is taken: %v", c.d, c.in, err)
		}
		got, err := mending{c.d}.decode([]byte("x"), []byte(c.in))
		if err != nil || string(got) != "x"+c.want {
			t.Errorf("%T %q: %q %v", c.d, c.in, got, err)
		}
	}
}
