package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
	"unsafe"
)

// The output fits into a terminal of usualWidth columns, and uses more only to show two texts side by side.
const (
	usualWidth = 100
	wideWidth  = 120
)

// columns is the width of a terminal, or wideWidth.
func columns(f *os.File) int {
	var size struct{ rows, cols, x, y uint16 }
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
	if errno != 0 || size.cols == 0 {
		return wideWidth
	}
	return min(max(int(size.cols), 80), 160)
}

// screen prints the story: numbered steps, commands, and a few lines of what they say.
type screen struct {
	mu    sync.Mutex
	w     io.Writer
	color bool
	width int
	began time.Time
	steps int
}

// newScreen makes a screen with colours if it is a terminal's.
func newScreen(f *os.File) *screen {
	st, err := f.Stat()
	terminal := err == nil && st.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb" && os.Getenv("NO_COLOR") == ""
	return &screen{w: f, color: terminal || os.Getenv("CLICOLOR_FORCE") == "1", width: columns(f), began: time.Now()}
}

// The colours.
const (
	bold  = "1"
	dim   = "2"
	red   = "31"
	green = "32"
	cyan  = "36"
)

func (s *screen) paint(code, text string) string {
	if !s.color || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s *screen) print(lines ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range lines {
		fmt.Fprintln(s.w, strings.TrimRight(l, " "))
	}
}

// title begins the story.
func (s *screen) title(text string) { s.print("", s.paint(bold, text)) }

// step begins a step; the clock stands at the right.
func (s *screen) step(format string, args ...any) {
	s.steps++
	text := fmt.Sprintf(format, args...)
	clock := fmt.Sprintf("%.1f s", time.Since(s.began).Seconds())
	gap := strings.Repeat(" ", max(min(s.width, usualWidth)-4-utf8.RuneCountInString(text)-len(clock), 1))
	s.print("", s.paint(green, fmt.Sprintf("%2d", s.steps))+"  "+s.paint(bold, text)+gap+s.paint(dim, clock))
}

// command shows a command line as a person would type it.
func (s *screen) command(line string) {
	s.print("    " + s.paint(dim, "$") + " " + s.paint(cyan, line))
}

// say prints a line of the story.
func (s *screen) say(format string, args ...any) { s.print("    " + fmt.Sprintf(format, args...)) }

// aside prints a line that may be passed over.
func (s *screen) aside(format string, args ...any) {
	s.print("    " + s.paint(dim, fmt.Sprintf(format, args...)))
}

// good prints a result that was hoped for.
func (s *screen) good(format string, args ...any) {
	s.print("    " + s.paint(green, "✓") + " " + fmt.Sprintf(format, args...))
}

// bad prints why the story ends here.
func (s *screen) bad(format string, args ...any) {
	lines := strings.Split(fmt.Sprintf(format, args...), "\n")
	s.print("", s.paint(red, " ✗")+"  "+lines[0])
	for _, l := range lines[1:] {
		s.print("    " + l)
	}
}

// beside prints two texts side by side under their names; lines that are too long go on below.
func (s *screen) beside(leftName, left, rightName, right string) {
	limit := (s.width - len("    ") - utf8.RuneCountInString(between)) / 2
	a, b := wrap(splitText(left), limit), wrap(splitText(right), limit)
	col := utf8.RuneCountInString(leftName)
	for _, l := range a {
		col = max(col, utf8.RuneCountInString(l))
	}
	pad := func(t string) string { return t + strings.Repeat(" ", col-utf8.RuneCountInString(t)) }
	s.print("    " + s.paint(dim, pad(leftName)+between+rightName))
	for i := range max(len(a), len(b)) {
		var l, r string
		if i < len(a) {
			l = a[i]
		}
		if i < len(b) {
			r = b[i]
		}
		s.print("    " + pad(l) + s.paint(dim, between) + r)
	}
}

// between stands between two columns.
const between = "  │  "

// wrap breaks lines that are longer than limit at a blank; what follows is indented further.
func wrap(lines []string, limit int) (out []string) {
	for _, l := range lines {
		indent := strings.Repeat(" ", len(l)-len(strings.TrimLeft(l, " "))+4)
		for utf8.RuneCountInString(l) > limit {
			at := strings.LastIndex(string([]rune(l)[:limit+1]), " ")
			if strings.TrimSpace(l[:max(at, 0)]) == "" {
				break
			}
			out = append(out, l[:at])
			l = indent + strings.TrimLeft(l[at:], " ")
		}
		out = append(out, l)
	}
	return out
}

func splitText(text string) []string {
	return strings.Split(strings.Trim(strings.ReplaceAll(text, "\t", "    "), "\n"), "\n")
}

// thousands writes a number with commas.
func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
