package mysql

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/client"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// The codec of a column has two lanes that meet in the canonical form of change.Value: fromText reads what a SELECT
// returns, fromLog (log.go) what the binary log holds.

// column is a column with its codec.
type column struct {
	col  *catalog.Column
	dec  decoder // Text, Enum, Set
	json jsonText
	expr string // how it is selected
	lane lane   // how rows of the full load become canonical
	size int    // lanePadded: all its bytes
	// invalid is the error of bytes that are no text in the character set; nil when they are replaced.
	invalid error
	// charset is that of a text, and widest the bytes of its longest character.
	charset string
	widest  int
	except  bool // their rows are set aside on the target
	// labels are those of an ENUM or SET; numbered tells that rows of the full load bring their numbers.
	labels   labels
	numbered bool
}

// table is a table with the codecs of its columns.
type table struct {
	t    *change.Table
	cols []column
	// actions tells that foreign keys with an action (CASCADE, SET NULL) refer to the table.
	actions bool
}

// codecs prepares tables. Decoders are shared by character set.
func (s *Source) codecs(ctx context.Context, c *client.Conn, tables []*change.Table) ([]*table, error) {
	decoders := map[string]decoder{}
	referred := change.WithActions(tables)
	out := make([]*table, 0, len(tables))
	for _, t := range tables {
		tt := &table{t: t}
		for _, col := range t.Columns {
			cc, err := s.newColumn(ctx, c, t, col, decoders)
			if err != nil {
				return nil, fmt.Errorf("column %s.%s: %w", t.Name(), col.Name, err)
			}
			tt.cols = append(tt.cols, cc)
		}
		tt.actions = referred[change.Key(t.Catalog.Schema, t.Catalog.Name)]
		out = append(out, tt)
	}
	return out, nil
}

func (s *Source) newColumn(ctx context.Context, c *client.Conn, t *change.Table, col *catalog.Column, decoders map[string]decoder) (column, error) {
	out := column{col: col, expr: quote(col.Name)}
	switch ty := col.Type.(type) {
	case types.Int, types.Decimal, types.Year, types.Bit, types.Binary, types.Geometry, types.Date, types.DateTime, types.Timestamp, types.Time:
	case types.Float:
		if ty.Digits == 0 && ty.Bits == 32 {
			// The server prints a FLOAT with six digits; as a DOUBLE it prints all of them.
			out.expr += "*1E0"
		}
	case types.JSON:
		out.json = s.json()
		if s.family == MariaDB {
			out.dec = utf8Text{}
		}
	case types.Text, types.Enum, types.Set:
		name, err := charsetOf(t.Catalog, ty)
		if err != nil {
			return out, err
		}
		if decoders[name] == nil {
			if decoders[name], err = loadDecoder(ctx, c, name); err != nil {
				return out, err
			}
		}
		out.dec, out.charset, out.widest = decoders[name], name, widestCharacter(name)
	default:
		return out, fmt.Errorf("type %v is not supported: exclude the table or change the column", col.Type)
	}
	out.chooseLane()
	policy := s.opts.Policy.Of(t.Catalog, col.Name).InvalidText
	out.setInvalid(policy, t.Catalog)
	if valuesOf(col.Type) != nil {
		charset, err := charsetOf(t.Catalog, col.Type)
		if err != nil {
			return out, err
		}
		out.setLabels(charset, policy, t.Catalog)
	}
	return out, nil
}

func charsetOf(t *catalog.Table, ty types.Type) (string, error) {
	name := ""
	switch ty := ty.(type) {
	case types.Text:
		name = ty.Charset
	case types.Enum:
		name = ty.Charset
	case types.Set:
		name = ty.Charset
	}
	if name == "" {
		if c, _ := types.CollationOf(ty); c.Name != "" {
			name, _, _ = strings.Cut(c.Name, "_")
		}
	}
	if name == "" {
		name = t.Charset
	}
	if name == "" {
		return "", fmt.Errorf("the character set is not known: read the schema from the live source")
	}
	return strings.ToLower(name), nil
}

// appendText turns the text that a SELECT returned into the canonical form, appended to dst.
func (c *column) appendText(dst, src []byte) ([]byte, error) {
	switch ty := c.col.Type.(type) {
	case types.Int:
		if ty.ZeroFill {
			src = trimZeros(src)
		}
		return append(dst, src...), nil
	case types.Year:
		return append(dst, trimZeros(src)...), nil
	case types.Decimal:
		if ty.ZeroFill {
			src = trimZeros(src)
		}
		return append(dst, src...), nil
	case types.Float:
		return floatText(dst, src, ty)
	case types.Bit:
		return appendBits(dst, src, ty.N), nil
	case types.Text:
		return c.appendChars(dst, src, ty.Fixed)
	case types.Enum, types.Set:
		if c.numbered {
			return c.numberedText(dst, src)
		}
		return c.appendChars(dst, src, false)
	case types.JSON:
		if c.dec != nil {
			return c.dec.decode(dst, src)
		}
		return append(dst, src...), nil
	case types.Binary:
		return appendPadded(dst, src, ty), nil
	default: // Geometry, Date, DateTime, Timestamp, Time
		return append(dst, src...), nil
	}
}

// trimZeros drops zeros in front of a number, but not the one before the point.
func trimZeros(s []byte) []byte {
	for len(s) > 1 && s[0] == '0' && s[1] != '.' {
		s = s[1:]
	}
	return s
}

func floatText(dst, src []byte, ty types.Float) ([]byte, error) {
	f, err := strconv.ParseFloat(string(src), 64)
	if err != nil {
		return dst, fmt.Errorf("read number %.40q: %w", src, err)
	}
	return appendFloat(dst, f, ty), nil
}

// appendFloat writes the shortest number that reads back the same, or fixed places for FLOAT(M,D).
func appendFloat(dst []byte, f float64, ty types.Float) []byte {
	if ty.Digits > 0 {
		return appendFixed(dst, f, ty.Decimals)
	}
	if ty.Bits == 32 {
		return strconv.AppendFloat(dst, float64(float32(f)), 'g', -1, 32)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}

func appendFixed(dst []byte, f float64, places int) []byte {
	if f == 0 {
		f = 0 // no "-0.00": the target type is numeric
		return strconv.AppendFloat(dst, math.Abs(f), 'f', places, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', places, 64)
	if dst[start] == '-' && len(bytes.Trim(dst[start+1:], "0.")) == 0 {
		dst = append(dst[:start], dst[start+1:]...)
	}
	return dst
}

// appendBits writes n binary digits from big-endian bytes.
func appendBits(dst, src []byte, n int) []byte {
	for i := n - 1; i >= 0; i-- {
		b := len(src) - 1 - i/8
		if b >= 0 && src[b]&(1<<(i%8)) != 0 {
			dst = append(dst, '1')
		} else {
			dst = append(dst, '0')
		}
	}
	return dst
}

// appendChars decodes text. The blanks at the end of a CHAR are padding that no SELECT returns.
func (c *column) appendChars(dst, src []byte, fixed bool) ([]byte, error) {
	start := len(dst)
	dst, err := c.dec.decode(dst, src)
	if err == errEncoding {
		err = c.invalid
	}
	if fixed {
		for len(dst) > start && dst[len(dst)-1] == ' ' {
			dst = dst[:len(dst)-1]
		}
	}
	return dst, err
}

// appendPadded restores the zero bytes at the end of a BINARY(n), which the binary log leaves out.
func appendPadded(dst, src []byte, ty types.Binary) []byte {
	dst = append(dst, src...)
	if ty.Fixed {
		for i := len(src); i < ty.N; i++ {
			dst = append(dst, 0)
		}
	}
	return dst
}
