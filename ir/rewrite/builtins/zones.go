package builtins

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

var zoneNotKept = &diag.Code{
	ID: "EX0792", Title: "the clock of a moment that was read with its zone", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `A moment that TO_TIMESTAMP_TZ reads has the zone of the text, whose clock TO_CHAR, EXTRACT of its zone, TRUNC and conversions to DATE and TIMESTAMP take (SQL Language Reference, "TO_TIMESTAMP_TZ"). The ` +
		`target keeps the moment only: it is told in the session's zone.`,
	Next: "tell the moment AT TIME ZONE of a zone that is known", Each: 0.1,
}

// zoneOf is what is known of a moment that carries a zone of its own: its clock there, and the offset of the zone as +hh:mm, "" if it has a name.
type zoneOf struct {
	clock  ir.Expr // nil: the zone is not kept
	offset string
}

var (
	zoneEnd    = regexp.MustCompile(`^(.*?\d)\s*([-+]\d{1,2}:\d{2})$`)
	zoneRegion = regexp.MustCompile(`^(.*?\d)\s+([A-Za-z]\S*)$`)
	zoneText   = regexp.MustCompile(`^\s*([-+]?)(\d{1,2}):(\d{2})\s*$`)
)

// literalZone notes the clock of a literal with a zone.
func (l *lowering) literalZone(e *ir.Temporal) {
	if _, ok := e.Type.(types.Timestamp); !ok {
		return
	}
	clock, offset := "", ""
	if m := zoneEnd.FindStringSubmatch(e.Value); m != nil {
		clock, offset = m[1], plainOffset(m[2])
	} else if m := zoneRegion.FindStringSubmatch(e.Value); m != nil {
		clock = m[1]
	} else {
		return
	}
	l.zones[e] = &zoneOf{l.clockLiteral(clock, e), offset}
}

func (l *lowering) clockLiteral(text string, like ir.Expr) ir.Expr {
	t := types.DateTime{Precision: 9}
	return build.Make(&ir.Temporal{Kind: t, Value: text}, like, types.Type(t), code)
}

// plainOffset is an offset as TZH:TZM writes it, "" if the text is none.
func plainOffset(text string) string {
	m := zoneText.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	h, _ := strconv.Atoi(m[2])
	sign := m[1]
	if sign == "" {
		sign = "+"
	}
	return fmt.Sprintf("%s%02d:%s", sign, h, m[3])
}

// givenZone notes the clock of FROM_TZ and of TO_TIMESTAMP_TZ.
func (l *lowering) givenZone(c *ir.Call, out ir.Expr) ir.Expr {
	switch c.Op {
	case op.OraFromTZ:
		z := &zoneOf{clock: l.stamp(c.Args[0])}
		if s, ok := c.Args[1].(*ir.String); ok {
			z.offset = plainOffset(s.Value)
		}
		l.zones[out] = z
	case op.OraToTimestampTZ:
		if s, ok := lastText(c.Args); ok && namesZone(s) {
			l.zones[out] = &zoneOf{}
		}
	}
	return out
}

func lastText(args []ir.Expr) (string, bool) {
	if len(args) < 2 {
		return "", false
	}
	s, ok := args[1].(*ir.String)
	if !ok {
		return "", false
	}
	return s.Value, true
}

// namesZone tells a format model with the zone.
func namesZone(model string) bool {
	list, _ := elements(model)
	for _, e := range list {
		if strings.HasPrefix(e.name, "TZ") {
			return true
		}
	}
	return false
}

// clock is what a moment shows in its own zone: the moment itself if it has none of its own.
func (l *lowering) clock(e ir.Expr) ir.Expr {
	z := l.zones[e]
	switch {
	case z == nil:
		return e
	case z.clock == nil:
		l.note(zoneNotKept, e.Base().Span, "%s", e.Base().Span.Text())
		return e
	}
	return z.clock
}

// zoneModel is a format model in which the zone of a moment is written out; ok is false if it names a zone that is not known.
func (l *lowering) zoneModel(x ir.Expr, model string) (string, bool) {
	z := l.zones[x]
	if z == nil || z.clock == nil || !namesZone(model) {
		return model, true
	}
	if z.offset == "" {
		return model, false
	}
	list, _ := elements(model)
	var b strings.Builder
	for _, e := range list {
		switch e.name {
		case "TZH":
			b.WriteString(`"` + z.offset[:3] + `"`)
		case "TZM":
			b.WriteString(`"` + z.offset[4:] + `"`)
		case "TZR":
			b.WriteString(`"` + z.offset + `"`)
		case "TZD":
			return model, false
		default:
			b.WriteString(e.text)
		}
	}
	return b.String(), true
}

// knownZonePart is the part of an offset that EXTRACT asks for, nil if the offset is not known.
func (l *lowering) knownZonePart(c *ir.Call) ir.Expr {
	z := l.zones[c.Args[0]]
	if z == nil || z.clock == nil || z.offset == "" {
		return nil
	}
	text := z.offset[1:3]
	if c.Unit == "timezone_minute" {
		text = z.offset[4:]
	}
	n, _ := strconv.ParseInt(text, 10, 64)
	out := ir.Expr(build.Int(n))
	if z.offset[0] == '-' && n > 0 {
		out = build.Make(&ir.Unary{Op: ir.Neg, X: out}, c, c.Type, code)
	}
	return out
}
