package verify

import "testing"

// TestInvalidText walks the server's conversion along with the stored bytes.
func TestInvalidText(t *testing.T) {
	for _, c := range []struct{ charset, raw, conv, want string }{
		{"utf8mb4", "a\xed\xa0\x80b", "", "a\uFFFDb"},
		{"utf8mb4", "\xff\xed\xa0", "", "\uFFFD\uFFFD\uFFFD"},
		{"ascii", "a?\x80", "a??", "a?\uFFFD"},
		{"cp1257", "?\x81\xe0", "??ą", "?\uFFFDą"},
		{"tis620", "\xdb", "\uFFFD", "\uFFFD"},
		{"gbk", "?\xaa\xa1\x81\x40a", "??丂a", "?\uFFFD丂a"},
		{"sjis", "\xb1\x85\x40\x83\x5c", "ｱ?ソ", "ｱ\uFFFDソ"},
		{"ucs2", "\x00a\xd8\x00", "a", "a\uFFFD"},
		{"utf32", "\x00\x00\xd8\x00\x00\x00\x00a", "", "\uFFFDa"},
	} {
		if got := (&invalidText{charset: c.charset}).text(c.raw, c.conv); got != c.want {
			t.Errorf("%s %q: %q", c.charset, c.raw, got)
		}
	}
}
