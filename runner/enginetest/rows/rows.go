// Package rows compares the rows that statements return on two servers, by value: 1.50 is 1.5, t is 1, and a time without a
// fraction is one with zeros. It is for tests.
package rows

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// Block is the result of one statement: rows, or an error.
type Block struct {
	Rows    [][]*string // nil is NULL
	Types   []string    // classes of the columns, see ClassOf; nil where the types are not known
	Ordered bool        // the order of the rows counts
	Failed  bool
	State   string // of a failure: a condition's name or an SQLSTATE; "" is any error
	Note    string // of a failure on the source: its message
}

var wantEscapes = strings.NewReplacer(`\`, `\\`, "|", `\|`, "\n", `\n`)

// FormatWant writes results as ParseWant reads them.
func FormatWant(blocks []Block) string {
	var out []string
	for _, b := range blocks {
		switch {
		case b.Failed:
			out = append(out, strings.TrimSpace("ERROR "+b.State))
			continue
		case len(b.Rows) == 0:
			out = append(out, "(no rows)")
			continue
		}
		var lines []string
		for _, r := range b.Rows {
			var cells []string
			for _, v := range r {
				if v == nil {
					cells = append(cells, `\N`)
				} else {
					cells = append(cells, wantEscapes.Replace(*v))
				}
			}
			lines = append(lines, strings.Join(cells, "|"))
		}
		out = append(out, strings.Join(lines, "\n"))
	}
	return strings.Join(out, "\n---\n") + "\n"
}

// ParseWant reads the expected results of a behaviour case: blocks separated by "---", cells by "|", \N for NULL.
func ParseWant(text string) []Block {
	var out []Block
	var cur []string
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for _, l := range append(lines, "---") {
		if strings.TrimRight(l, " \t\r") == "---" {
			out = append(out, wantBlock(cur))
			cur = nil
			continue
		}
		cur = append(cur, l)
	}
	return out
}

func wantBlock(lines []string) Block {
	if len(lines) == 1 {
		s := strings.TrimSpace(lines[0])
		if s == "(no rows)" {
			return Block{}
		}
		if s == "ERROR" || strings.HasPrefix(s, "ERROR ") {
			return Block{Failed: true, State: strings.TrimSpace(s[5:])}
		}
	}
	var b Block
	for _, l := range lines {
		b.Rows = append(b.Rows, wantCells(l))
	}
	return b
}

func wantCells(line string) []*string {
	var out []*string
	var cur strings.Builder
	end := func() {
		s := cur.String()
		if s == "\x00" {
			out = append(out, nil)
		} else {
			out = append(out, &s)
		}
		cur.Reset()
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\' && i+1 < len(line) && strings.IndexByte(`|n\N`, line[i+1]) >= 0:
			i++
			switch line[i] {
			case 'n':
				cur.WriteByte('\n')
			case 'N':
				cur.WriteByte(0)
			default:
				cur.WriteByte(line[i])
			}
		case c == '|':
			end()
		default:
			cur.WriteByte(c)
		}
	}
	end()
	return out
}

var (
	numRE   = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$`)
	zerosRE = regexp.MustCompile(`^[+-]?0\d`)
	stampRE = regexp.MustCompile(`^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?( BC)?$`)
	timeRE  = regexp.MustCompile(`^(-?\d{2,3}):(\d\d):(\d\d)(?:\.(\d+))?$`)
)

func number(s string) *big.Rat {
	s = strings.TrimSpace(s)
	if !numRE.MatchString(s) || zerosRE.MatchString(s) {
		return nil
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return r
}

var truths = map[string]string{"t": "1", "f": "0", "true": "1", "false": "0", "1": "1", "0": "0"}

func sameCell(want, got *string, class string) bool {
	if want == nil || got == nil {
		return want == nil && got == nil
	}
	w, g := *want, *got
	switch class {
	case "text":
		return w == g
	case "bool":
		a, ok := truths[strings.ToLower(w)]
		return ok && a == truths[strings.ToLower(g)]
	case "number", "float":
		if w == g {
			return true
		}
		a, b := number(w), number(g)
		if a == nil || b == nil {
			return false
		}
		if a.Cmp(b) == 0 {
			return true
		}
		if class == "float" {
			x, _ := strconv.ParseFloat(w, 64)
			y, _ := strconv.ParseFloat(g, 64)
			return x == y
		}
		return false
	case "bytes":
		trim := func(s string) string {
			s = strings.ToLower(s)
			return strings.TrimPrefix(strings.TrimPrefix(s, `\x`), "0x")
		}
		return w == g || trim(w) == trim(g) || fmt.Sprintf(`\x%x`, w) == g
	case "bits":
		return w == g || bitText(w, len(g)) == g
	}
	return w == g || sameTime(w, g)
}

// bitText writes the bytes of a source's BIT as the target writes its own.
func bitText(bytes string, n int) string {
	var b strings.Builder
	for i := range len(bytes) {
		fmt.Fprintf(&b, "%08b", bytes[i])
	}
	s := b.String()
	return s[max(0, len(s)-n):]
}

func sameTime(w, g string) bool {
	norm := func(m []string, frac int) string {
		if m == nil {
			return ""
		}
		m = append([]string(nil), m[1:]...)
		m[frac] = strings.TrimRight(m[frac], "0")
		for i := range m {
			if i >= 3 && i <= 5 && m[i] == "" && frac == 6 {
				m[i] = "00"
			}
		}
		if frac == 6 && (m[7] == "+00" || m[7] == "Z") {
			m[7] = ""
		}
		return strings.Join(m, "|")
	}
	ws, gs := stampRE.FindStringSubmatch(w), stampRE.FindStringSubmatch(g)
	if ws != nil && gs != nil && ws[8] == "" {
		gs[8] = "" // the source shows no offset: the time of day counts
	}
	if a, b := norm(ws, 6), norm(gs, 6); a != "" && b != "" {
		return a == b
	}
	a, b := norm(timeRE.FindStringSubmatch(w), 3), norm(timeRE.FindStringSubmatch(g), 3)
	return a != "" && a == b
}

func sameRow(w, g []*string, types []string) bool {
	if len(w) != len(g) {
		return false
	}
	for i := range w {
		if !sameCell(w[i], g[i], types[i]) {
			return false
		}
	}
	return true
}

var conditionStates = map[string]string{
	"unique_violation": "23505", "foreign_key_violation": "23503", "not_null_violation": "23502", "check_violation": "23514",
	"division_by_zero": "22012", "numeric_value_out_of_range": "22003", "string_data_right_truncation": "22001",
	"invalid_text_representation": "22P02", "invalid_datetime_format": "22007", "case_not_found": "20000", "too_many_rows": "P0003",
	"no_data_found": "P0002", "raise_exception": "P0001", "cardinality_violation": "21000", "undefined_table": "42P01",
	"undefined_column": "42703", "with_check_option_violation": "44000",
}

func stateOf(s string) string {
	if v, ok := conditionStates[strings.ToLower(s)]; ok {
		return v
	}
	return s
}

// String shows a result on one line.
func (b Block) String() string {
	if b.Failed {
		return "ERROR " + b.State
	}
	if len(b.Rows) == 0 {
		return "(no rows)"
	}
	var out []string
	for _, r := range b.Rows {
		var c []string
		for _, v := range r {
			if v == nil {
				c = append(c, `\N`)
			} else {
				c = append(c, strings.ReplaceAll(*v, "\n", `\n`))
			}
		}
		out = append(out, strings.Join(c, "|"))
	}
	return strings.Join(out, " / ")
}

func compareBlock(w, g Block) string {
	if w.Failed || g.Failed {
		switch {
		case !w.Failed:
			return "unexpected error " + g.State
		case !g.Failed:
			return "error expected, rows came: " + g.String()
		case w.State != "" && stateOf(w.State) != stateOf(g.State):
			return fmt.Sprintf("error %s expected, %s came", w.State, g.State)
		}
		return ""
	}
	if len(w.Rows) != len(g.Rows) {
		return fmt.Sprintf("%s expected, %s came", w, g)
	}
	left := append([][]*string(nil), g.Rows...)
	for _, r := range w.Rows {
		found := -1
		for i, x := range left {
			if sameRow(r, x, g.Types) {
				found = i
				break
			}
			if g.Ordered {
				break
			}
		}
		if found < 0 {
			return fmt.Sprintf("%s expected, %s came", w, g)
		}
		left = append(left[:found:found], left[found+1:]...)
	}
	return ""
}

// Compare tells why two lists of results differ, "" if they do not.
func Compare(want, got []Block) string {
	for i := range min(len(want), len(got)) {
		if d := compareBlock(want[i], got[i]); d != "" {
			return fmt.Sprintf("block %d: %s", i+1, d)
		}
	}
	if len(want) != len(got) {
		return fmt.Sprintf("%d blocks expected, %d came", len(want), len(got))
	}
	return ""
}

var orderRE = regexp.MustCompile(`(?i)\border\s+by\b`)

// HasOrderBy looks for ORDER BY outside parentheses and strings.
func HasOrderBy(sql string) bool {
	var top strings.Builder
	depth, quoted := 0, false
	for _, c := range sql {
		switch {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0:
			top.WriteRune(c)
		}
	}
	return orderRE.MatchString(top.String())
}

// ClassOf is the class of a PostgreSQL type by its OID: number, float, bool, time, bytes, text or other.
func ClassOf(oid uint32) string {
	switch oid {
	case 16:
		return "bool"
	case 20, 21, 23, 26, 1700, 790:
		return "number"
	case 700, 701:
		return "float"
	case 1082, 1083, 1114, 1184, 1266:
		return "time"
	case 17:
		return "bytes"
	case 1560, 1562:
		return "bits"
	case 18, 19, 25, 1042, 1043:
		return "text"
	}
	return "other"
}
