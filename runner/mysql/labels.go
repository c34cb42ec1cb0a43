package mysql

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// The labels of ENUM and SET columns may be bytes that are no text, as values of text columns may: MariaDB and MySQL 5.7 take
// ENUM(x'd2') in a character set that has no such character. The schema, which the server prints in UTF-8, has '?' there. The
// rows of a load hold the bytes, the log holds the label's number only. So a label of the schema with '?' is in doubt: it is what
// it looks like, or a stand-in. The log tells where binlog_row_metadata is FULL.

// soundSets are the character sets whose every byte is a character, or in which servers check what they store.
var soundSets = []string{"utf8mb4", "utf8mb3", "utf8", "utf16", "utf16le", "latin1", "latin2", "latin5", "latin7", "cp850", "cp852", "cp866",
	"koi8r", "koi8u", "armscii8", "keybcs2", "macce", "macroman", "binary"}

// labels are the labels of an ENUM or SET column.
type labels struct {
	names []string // as values have them
	doubt []bool   // the name may stand for bytes that are no text
	any   bool     // some label is in doubt
	known bool     // the log tells which labels are text
}

// newLabels reads the labels of the schema.
func newLabels(names []string, charset string) labels {
	l := labels{names: slices.Clone(names), doubt: make([]bool, len(names))}
	for i, n := range names {
		l.doubt[i] = !utf8.ValidString(n) || strings.ContainsRune(n, utf8.RuneError) || strings.Contains(n, "?") && !slices.Contains(soundSets, charset)
		l.any = l.any || l.doubt[i]
		l.names[i] = string(utf8Text{}.mend(nil, []byte(n)))
	}
	return l
}

// valuesOf are the labels of a type, nil for other types.
func valuesOf(ty types.Type) []string {
	switch ty := ty.(type) {
	case types.Enum:
		return ty.Values
	case types.Set:
		return ty.Values
	}
	return nil
}

// setLabels sets what becomes of labels that are no text, behind the choice of the lane.
func (c *column) setLabels(charset, policy string, t *catalog.Table) {
	c.labels = newLabels(valuesOf(c.col.Type), charset)
	c.invalid = errInvalidText
	switch {
	case policy == change.Except:
		c.dec, c.except = aside{c.dec}, true
	case policy != change.Stop:
		c.invalid = nil
		if c.labels.any { // by number, as in the log: the schema's name is what the target's column takes
			c.expr, c.lane, c.numbered = "CAST("+quote(c.col.Name)+" AS UNSIGNED)", laneCopied, true
		}
	case change.InUniqueKey(t, c.col.Name):
		c.invalid = errInvalidKey
	}
}

// appendLabels writes the value that has a number.
func (c *column) appendLabels(dst []byte, n uint64) ([]byte, error) {
	start := len(dst)
	var out []byte
	var err error
	_, set := c.col.Type.(types.Set)
	if set {
		out, err = appendSet(dst, n, c.labels.names)
	} else {
		out, err = appendEnum(dst, n, c.labels.names)
	}
	if err != nil || !c.labels.any {
		return out, err
	}
	for i, doubt := range c.labels.doubt {
		if !doubt || set && n&(1<<i) == 0 || !set && n != uint64(i)+1 {
			continue
		}
		switch {
		case c.except:
			return append(append(dst[:start:start], change.InvalidMark), out[start:]...), nil
		case c.invalid == nil:
			return out, nil
		case c.labels.known:
			return out, fmt.Errorf("label %d: %w", i+1, c.invalid)
		}
		return out, fmt.Errorf("label %d (%q in the schema) may stand for other bytes, and the log does not tell: SET GLOBAL binlog_row_metadata=FULL where the "+
			"server has it, or: %w", i+1, c.labels.names[i], c.invalid)
	}
	return out, nil
}

// numberedText reads a value that was selected by its number.
func (c *column) numberedText(dst, src []byte) ([]byte, error) {
	n, err := strconv.ParseUint(string(src), 10, 64)
	if err != nil {
		return dst, fmt.Errorf("read the number of a label, %.40q: %w", src, err)
	}
	return c.appendLabels(dst, n)
}

// logLabels compares the labels that the log tells with the schema's, and gives a column that knows which of them are text.
func (c *column) logLabels(logged [][]byte) (*column, error) {
	if len(logged) != len(c.labels.names) {
		return nil, fmt.Errorf("it has %d labels in the log and %d in the schema", len(logged), len(c.labels.names))
	}
	out := *c
	out.labels = labels{names: c.labels.names, doubt: make([]bool, len(logged)), known: true}
	for i, raw := range logged {
		text, err := plainDecoder(c.dec).decode(nil, raw)
		switch {
		case err != nil && !c.labels.doubt[i]:
			return nil, fmt.Errorf("label %d is %q in the schema and no text in the log", i+1, c.labels.names[i])
		case err != nil:
			out.labels.doubt[i], out.labels.any = true, true
		case !bytes.Equal(text, []byte(c.labels.names[i])):
			return nil, fmt.Errorf("label %d is %q in the log and %q in the schema", i+1, text, c.labels.names[i])
		}
	}
	return &out, nil
}

// aside is a decoder that marks what is no text, for a sink that sets its row aside.
type aside struct{ decoder }

func (a aside) decode(dst, src []byte) ([]byte, error) {
	start := len(dst)
	out, err := a.decoder.decode(dst, src)
	if err == errEncoding {
		return append(append(dst[:start], change.InvalidMark), src...), nil
	}
	return out, err
}

// plainDecoder is the decoder below what a policy has put over it.
func plainDecoder(d decoder) decoder {
	switch w := d.(type) {
	case mending:
		return w.decoder
	case aside:
		return w.decoder
	}
	return d
}
