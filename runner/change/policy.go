package change

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"godwit/ir/catalog"
	"godwit/ir/types"
)

// Stop is the policy that lets a value that the target cannot hold end the run with an error that names it.
const Stop = "stop"

// Except is the policy that has the rows of such values set aside in the target's table of exceptions.
const Except = "except"

// InvalidMark stands in front of a value that has no canonical form in its column's type, where rows are set aside for that: a
// text that is none in its column's character set, or what PostgreSQL printed for a type of MySQL. Behind it is the value as the
// source has it. No value but bytes begins with it, so a target that does not know it refuses the value.
const InvalidMark = 0xff

// CanMark tells that values of a type can be marked.
func CanMark(ty types.Type) bool {
	switch ty.(type) {
	case types.Binary, types.Geometry:
		return false
	}
	return true
}

// Marked is the value behind its mark; ok is false if it has none.
func Marked(ty types.Type, v Value) (bare Value, ok bool) {
	if len(v) > 0 && v[0] == InvalidMark && CanMark(ty) {
		return v[1:], true
	}
	return v, false
}

// Policy says what happens to values that PostgreSQL cannot hold: of a whole task, with exceptions for single columns.
// An empty field is Stop; in Columns it is that of the whole.
type Policy struct {
	// ZeroDates is Stop, Except, "null", or the date (YYYY-MM-DD) that replaces dates whose year, month or day is zero.
	ZeroDates string
	// NUL is Stop, Except, "strip", or "replace:X": what becomes of NUL characters in text.
	NUL string
	// InvalidText is Stop, Except or "replace": what becomes of bytes that are no text in the column's character set. In a column of
	// a primary or unique key nothing is replaced: two rows could become one.
	InvalidText string
	// Columns are the columns with a policy of their own, by ColumnName.
	Columns map[string]Policy
}

// Validate returns all policies that there are not, joined, each with its name in a task file.
func (p Policy) Validate() error {
	errs := p.problems("values.")
	for _, name := range slices.Sorted(maps.Keys(p.Columns)) {
		errs = append(errs, p.Columns[name].problems("values.columns."+name+": ")...)
	}
	return errors.Join(errs...)
}

func (p Policy) problems(place string) (errs []error) {
	switch p.ZeroDates {
	case "", Stop, Except, "null":
	default:
		if _, err := time.Parse(time.DateOnly, p.ZeroDates); err != nil {
			errs = append(errs, fmt.Errorf("%szero_dates: must be stop, except, null or a date such as 0001-01-01, not %q", place, p.ZeroDates))
		}
	}
	switch {
	case p.NUL == "", p.NUL == Stop, p.NUL == Except, p.NUL == "strip":
	case strings.HasPrefix(p.NUL, "replace:") && !strings.Contains(p.NUL, "\x00"):
	default:
		errs = append(errs, fmt.Errorf("%snul: must be stop, except, strip or replace:X, not %q", place, p.NUL))
	}
	if p.InvalidText != "" && p.InvalidText != Stop && p.InvalidText != Except && p.InvalidText != "replace" {
		errs = append(errs, fmt.Errorf("%sinvalid_text: must be stop, except or replace, not %q", place, p.InvalidText))
	}
	return errs
}

// Fits returns, joined, what is wrong with the policies of single columns: columns that are not among those of the tables,
// and policies that do not fit their type.
func (p Policy) Fits(tables []*catalog.Table) error {
	type place struct {
		t *catalog.Table
		c *catalog.Column
	}
	found, like := map[string][]place{}, map[string]string{}
	for _, t := range tables {
		for _, c := range t.Columns {
			name := ColumnName(t, c.Name)
			found[name] = append(found[name], place{t, c})
			like[strings.ToLower(name)] = name
		}
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(p.Columns)) {
		bad := func(format string, args ...any) {
			errs = append(errs, fmt.Errorf("values.columns.%s: %s", name, fmt.Sprintf(format, args...)))
		}
		switch at := found[name]; {
		case len(at) == 0 && like[strings.ToLower(name)] != "":
			bad("is no column; write it as on the source: %s", like[strings.ToLower(name)])
		case len(at) == 0:
			bad("is no column of a table that the task moves; write schema.table.column, or remove the line")
		case len(at) > 1: // names that hold points
			bad("names more than one column; rename one on the source, or remove the line")
		default:
			p.Columns[name].fits(at[0].t, at[0].c, bad)
		}
	}
	return errors.Join(errs...)
}

// fits tells which policies a column cannot have.
func (p Policy) fits(t *catalog.Table, c *catalog.Column, bad func(format string, args ...any)) {
	if c.Generated != catalog.NotGenerated {
		bad("the column is generated: the target computes it; remove the line")
		return
	}
	dated := false
	switch c.Type.(type) {
	case types.Date, types.DateTime, types.Timestamp:
		dated = true
	}
	text, label := false, false
	switch c.Type.(type) {
	case types.Text:
		text = true
	case types.Enum, types.Set:
		label = true
	}
	switch {
	case p.ZeroDates != "" && !dated:
		bad("zero_dates is for dates, and the column is %v; remove it", c.Type)
	case p.ZeroDates == "null" && (!c.Nullable || inPrimaryKey(t, c)):
		bad("zero_dates: null is not possible for a column that is NOT NULL; use a date, or stop")
	}
	if p.NUL != "" && !text {
		bad("nul is for text, and the column is %v; remove it", c.Type)
	}
	switch {
	case p.InvalidText != "" && !text && !label:
		bad("invalid_text is for text, and the column is %v; remove it", c.Type)
	case p.InvalidText == "replace" && InUniqueKey(t, c.Name):
		bad("invalid_text: replace is not possible in a primary or unique key: two rows could become one; use stop, and correct the rows on the source")
	}
}

func inPrimaryKey(t *catalog.Table, c *catalog.Column) bool {
	k := t.PrimaryKey()
	return k != nil && slices.ContainsFunc(k.Parts, func(p catalog.KeyPart) bool { return t.Column(p.Column) == c })
}

// ColumnName is schema.table.column on the source.
func ColumnName(t *catalog.Table, column string) string {
	return t.Schema + "." + t.Name + "." + column
}

// Of is the policy of one column.
func (p Policy) Of(t *catalog.Table, column string) Policy {
	own := p.Columns[ColumnName(t, column)]
	out := Policy{ZeroDates: first(own.ZeroDates, p.ZeroDates), NUL: first(own.NUL, p.NUL), InvalidText: first(own.InvalidText, p.InvalidText)}
	if out.InvalidText == "replace" && InUniqueKey(t, column) {
		out.InvalidText = Stop
	}
	return out
}

// Excepts tells that the rows of some values are set aside.
func (p Policy) Excepts() bool {
	for _, c := range p.Columns {
		if c.Excepts() {
			return true
		}
	}
	return p.ZeroDates == Except || p.NUL == Except || p.InvalidText == Except
}

// first is the first that is given, or Stop.
func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return Stop
}

// InUniqueKey tells that a column is part of a primary or unique key.
func InUniqueKey(t *catalog.Table, column string) bool {
	for _, k := range t.UniqueKeys() {
		for _, p := range k.Parts {
			if c := t.Column(p.Column); c != nil && c.Name == column {
				return true
			}
		}
	}
	return false
}
