package postgres

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// Policy says what happens to values that PostgreSQL cannot hold.
type Policy = change.Policy

// columnPolicy is the policy of one column.
type columnPolicy struct {
	zeroDates, nul string
	excepts        bool // rows of some values are set aside
}

func policyOf(p *Policy, t *change.Table, c *catalog.Column) columnPolicy {
	own := p.Of(t.Catalog, c.Name)
	return columnPolicy{own.ZeroDates, own.NUL, own.Excepts()}
}

const replacePrefix = "replace:"

// Errors of values that the target cannot hold and that no policy covers.
var (
	ErrZeroDate = errors.New("PostgreSQL has no zero dates: set values.zero_dates, or the column's own in values.columns, to null or to a date, or correct the row on the source")
	// ErrInvalidText tells of bytes that are no text, of a column whose rows are set aside then.
	ErrInvalidText = errors.New("the bytes are no text in the column's character set")
	ErrNUL         = errors.New("PostgreSQL text has no NUL characters: set values.nul, or the column's own in values.columns, to strip or replace:X, or correct the row on the source")
)

// form is how a type is written for PostgreSQL.
type form int

const (
	plain   form = iota // as it is
	chars               // text that may hold NUL
	raw                 // bytes
	dated               // begins with a date
	instant             // begins with a date, in UTC
)

func formOf(c *catalog.Column) (form, error) {
	switch c.Type.(type) {
	case types.Int, types.Year, types.Decimal, types.Float, types.Bit, types.Time, types.JSON:
		return plain, nil
	case types.Text, types.Enum, types.Set:
		return chars, nil
	case types.Binary, types.Geometry:
		return raw, nil
	case types.Date, types.DateTime:
		return dated, nil
	case types.Timestamp:
		return instant, nil
	}
	return 0, fmt.Errorf("type %v is not supported on the target", c.Type)
}

// encode turns a canonical value into PostgreSQL's text form, or bytes for raw. The result is v itself, is appended to
// scratch, or is nil for NULL.
func (p *columnPolicy) encode(f form, dateOnly bool, scratch []byte, v change.Value) (out, grown []byte, err error) {
	if out, scratch, err = p.accept(f, dateOnly, scratch, v); f != instant || out == nil {
		return out, scratch, err
	}
	start := len(scratch)
	scratch = append(append(scratch, out...), "+00"...)
	return scratch[start:len(scratch):len(scratch)], scratch, nil
}

// accept gives what the policy makes of a canonical value: the value itself, what replaces it, or nil for NULL.
func (p *columnPolicy) accept(f form, dateOnly bool, scratch []byte, v change.Value) (out, grown []byte, err error) {
	if v == nil {
		return nil, scratch, nil
	}
	switch f {
	case chars:
		if len(v) > 0 && v[0] == change.InvalidMark {
			return nil, scratch, ErrInvalidText
		}
		if bytes.IndexByte(v, 0) < 0 {
			return v, scratch, nil
		}
		return p.withoutNUL(scratch, v)
	case dated, instant:
		if zeroDate(v) {
			if v = p.zero(dateOnly); v == nil {
				if p.zeroDates == change.Stop || p.zeroDates == change.Except {
					return nil, scratch, ErrZeroDate
				}
				return nil, scratch, nil
			}
		}
	}
	return v, scratch, nil
}

func (p *columnPolicy) withoutNUL(scratch, v []byte) (out, grown []byte, err error) {
	if p.nul == change.Stop || p.nul == change.Except {
		return nil, scratch, ErrNUL
	}
	with := ""
	if p.nul != "strip" {
		with = p.nul[len(replacePrefix):]
	}
	start := len(scratch)
	for _, b := range v {
		if b == 0 {
			scratch = append(scratch, with...)
		} else {
			scratch = append(scratch, b)
		}
	}
	return scratch[start:len(scratch):len(scratch)], scratch, nil
}

// zeroDate tells that the year, the month or the day of YYYY-MM-DD is zero.
func zeroDate(v []byte) bool {
	if len(v) < 10 {
		return false
	}
	return v[0] == '0' && v[1] == '0' && v[2] == '0' && v[3] == '0' || v[5] == '0' && v[6] == '0' || v[8] == '0' && v[9] == '0'
}

// zero is what replaces a zero date, nil for NULL or an error.
func (p *columnPolicy) zero(dateOnly bool) []byte {
	if p.zeroDates == change.Stop || p.zeroDates == change.Except || p.zeroDates == "null" {
		return nil
	}
	if dateOnly {
		return []byte(p.zeroDates)
	}
	return []byte(p.zeroDates + " 00:00:00")
}

// appendCopy appends a field of COPY's text format.
// See https://www.postgresql.org/docs/current/sql-copy.html, "Text Format".
func appendCopy(dst []byte, f form, v []byte) []byte {
	if v == nil {
		return append(dst, `\N`...)
	}
	switch f {
	case raw:
		return hex.AppendEncode(append(dst, `\\x`...), v)
	case chars, plain:
		return appendEscaped(dst, v)
	}
	return append(dst, v...)
}

// mustEscape marks the bytes that have a meaning in COPY's text format.
var mustEscape = [256]byte{'\\': '\\', '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f', '\v': 'v'}

func appendEscaped(dst, v []byte) []byte {
	start := 0
	for i, c := range v {
		if e := mustEscape[c]; e != 0 {
			dst = append(append(dst, v[start:i]...), '\\', e)
			start = i + 1
		}
	}
	return append(dst, v[start:]...)
}
