package json

import (
	"strconv"
	"strings"
	"unicode"

	"godwit/ir"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// step is one part of a path: a member, an element, or (wild) all of them.
type step struct {
	key   string
	index int // -1 for a key, last for [last]
	wild  bool
}

const last = 1 << 30

// parsePath reads a path of keys and positions; ok is false for ellipses, ranges and what is no path.
func parsePath(s string) (steps []step, ok bool) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "$") {
		return nil, false
	}
	s = strings.TrimSpace(s[1:])
	for s != "" {
		var st step
		switch s[0] {
		case '.':
			st, s, ok = member(strings.TrimSpace(s[1:]))
		case '[':
			st, s, ok = position(s)
		default:
			return nil, false
		}
		if !ok {
			return nil, false
		}
		steps = append(steps, st)
		s = strings.TrimSpace(s)
	}
	return steps, true
}

func member(s string) (step, string, bool) {
	switch {
	case strings.HasPrefix(s, "*"):
		return step{index: -1, wild: true}, s[1:], true
	case strings.HasPrefix(s, `"`):
		end := strings.IndexByte(s[1:], '"')
		if end < 0 || strings.Contains(s[1:1+end], `\`) {
			return step{}, "", false
		}
		return step{key: s[1 : 1+end], index: -1}, s[end+2:], true
	}
	end := 0
	for i, r := range s {
		if r != '_' && r != '$' && !unicode.IsLetter(r) && !(i > 0 && unicode.IsDigit(r)) || r == '$' && i == 0 {
			break
		}
		end = i + len(string(r))
	}
	return step{key: s[:end], index: -1}, s[end:], end > 0
}

func position(s string) (step, string, bool) {
	end := strings.IndexByte(s, ']')
	if end < 0 {
		return step{}, "", false
	}
	in, rest := strings.TrimSpace(s[1:end]), s[end+1:]
	switch in {
	case "*":
		return step{wild: true}, rest, true
	case "last":
		return step{index: last}, rest, true
	}
	v, err := strconv.ParseUint(in, 10, 30)
	return step{index: int(v)}, rest, err == nil
}

func isWild(steps []step) bool {
	for _, s := range steps {
		if s.wild {
			return true
		}
	}
	return false
}

// hasLast tells that a path names the last element.
func hasLast(steps []step) bool {
	for _, s := range steps {
		if s.index == last {
			return true
		}
	}
	return false
}

// plain tells that the target's operator -> gives the same value at each step: position 0 of what is no array is the value
// itself in MySQL.
func plain(steps []step) bool {
	for _, s := range steps {
		if s.wild || s.index == 0 || s.index == last {
			return false
		}
	}
	return true
}

func (s step) text() string {
	switch {
	case s.wild && s.index < 0:
		return ".*"
	case s.wild:
		return "[*]"
	case s.index < 0:
		return "." + s.key
	case s.index == last:
		return "[last]"
	}
	return "[" + strconv.Itoa(s.index) + "]"
}

// array is the path as the helper routines take it.
func array(steps []step) ir.Expr {
	t := types.Array{Elem: types.Text{}}
	if len(steps) == 0 {
		return build.As(build.Text("{}"), "text[]", t, code)
	}
	a := &ir.ArrayExpr{}
	for _, s := range steps {
		a.Items = append(a.Items, build.Text(s.text()))
	}
	a.Type = t
	return a
}
