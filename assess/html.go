package assess

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode"

	"godwit/ir/diag"
)

//go:embed report.html
var reportHTML string

// maxPlaces is how many places of a code the page lists before it only counts them.
const maxPlaces = 5

// WriteHTML prints the report as one page that needs nothing else: no script, no font, no image from outside.
func (r *Report) WriteHTML(w io.Writer) error {
	t, err := template.New("report").Funcs(template.FuncMap{
		"hours":    hours,
		"bar":      bar,
		"share":    share,
		"capital":  capital,
		"grouped":  grouped,
		"donut":    donut,
		"distinct": distinct, "snippet": snippet,
		"plural": plural,
		"grades": func() []string { return gradeNames[:] },
	}).Parse(reportHTML)
	if err != nil {
		return fmt.Errorf("parse report template: %w", err)
	}
	if err := t.Execute(w, newPage(r)); err != nil {
		return fmt.Errorf("write HTML report: %w", err)
	}
	return nil
}

// page is what the template reads.
type page struct {
	*Report
	Storage, Code []KindRow
	Places        map[string][]place
	More          map[string]int
	Refused       []GradedObject
	Attention     []GradedObject
	Clean         []GradedObject
}

type place struct{ Object, Where, Message string }

var storageKinds = map[string]bool{"schema": true, "sequence": true, "type": true, "table": true, "index": true, "constraint": true, "data": true}

func newPage(r *Report) *page {
	p := &page{Report: r, Places: map[string][]place{}, More: map[string]int{}}
	for _, k := range r.Kinds {
		if storageKinds[k.Kind] {
			p.Storage = append(p.Storage, k)
		} else {
			p.Code = append(p.Code, k)
		}
	}
	for _, o := range r.Objects {
		for _, f := range o.Findings {
			p.addPlace(o, f)
		}
		switch {
		case o.Status == diag.Refused:
			p.Refused = append(p.Refused, o)
		case o.Grade != Automatic:
			p.Attention = append(p.Attention, o)
		default:
			p.Clean = append(p.Clean, o)
		}
	}
	p.addLoose()
	return p
}

// addLoose lists the places of loose statements behind those of objects.
func (p *page) addLoose() {
	for _, s := range p.Input.Statements {
		o := GradedObject{Object: Object{Kind: "statement", Name: fmt.Sprintf("(%s)", s.Kind)}}
		for _, f := range s.Findings {
			p.addPlace(o, f)
		}
	}
}

func (p *page) addPlace(o GradedObject, f diag.Finding) {
	if len(p.Places[f.Code]) >= maxPlaces {
		p.More[f.Code]++
		return
	}
	where := ""
	if f.Span.File != nil {
		where = fmt.Sprintf("%s:%d", f.Span.File.Name, f.Span.Line())
	}
	p.Places[f.Code] = append(p.Places[f.Code], place{o.Kind + " " + o.FullName(), where, f.Message})
}

// capital writes the first letter of a title large.
func capital(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}

// grouped writes a number with a space between thousands.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %ss", grouped(n), one)
}

var gradeColors = [...]string{"#2f855a", "#d69e2e", "#dd6b20", "#c53030"}

// bar draws the grades of a kind as one stacked bar.
func bar(k KindRow) template.HTML {
	const width, height = 460.0, 16
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="bar" preserveAspectRatio="none" viewBox="0 0 %.0f %d" role="img" aria-label="%d of %d automatic">`, width, height, k.Grades[0], k.Total)
	x := 0.0
	for g, n := range k.Grades {
		if n == 0 {
			continue
		}
		wd := width * float64(n) / float64(k.Total)
		fmt.Fprintf(&b, `<rect x="%.1f" y="0" width="%.1f" height="%d" fill="%s"><title>%d %s</title></rect>`, x, wd, height, gradeColors[g], n, gradeNames[g])
		x += wd
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// share draws the outcomes of loose statements as one bar.
func share(s StatementRow) template.HTML {
	colors := [...]string{"#2f855a", "#3182ce", "#dd6b20", "#c53030"}
	const width, height = 300.0, 16
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="bar" preserveAspectRatio="none" viewBox="0 0 %.0f %d" role="img" aria-label="%d of %d converted">`, width, height, s.Fine(), s.Total)
	x := 0.0
	for i, n := range s.Outcomes {
		if n == 0 {
			continue
		}
		wd := width * float64(n) / float64(s.Total)
		fmt.Fprintf(&b, `<rect x="%.1f" y="0" width="%.1f" height="%d" fill="%s"><title>%d %s</title></rect>`, x, wd, height, colors[i], n, diag.Fidelity(i))
		x += wd
	}
	b.WriteString(`</svg>`)
	return template.HTML(b.String())
}

// donut draws the share of automatic objects.
func donut(s Share) template.HTML {
	shown := fmt.Sprintf("%.1f %%", s.Percent())
	if shown == "100.0 %" {
		shown = "100 %" // fits into the ring
	}
	const radius, around = 52.0, 326.73
	part := around * s.Percent() / 100
	return template.HTML(fmt.Sprintf(`<svg class="donut" viewBox="0 0 140 140" role="img" aria-label="%.1f percent">`+
		`<circle cx="70" cy="70" r="%.0f" fill="none" stroke="#e2e8f0" stroke-width="16"/>`+
		`<circle cx="70" cy="70" r="%.0f" fill="none" stroke="#2f855a" stroke-width="16" stroke-dasharray="%.2f %.2f" transform="rotate(-90 70 70)"/>`+
		`<text x="70" y="68" text-anchor="middle" class="big">%s</text><text x="70" y="88" text-anchor="middle" class="small">automatic</text></svg>`,
		s.Percent(), radius, radius, part, around-part, shown))
}

// snippet is the source line of a finding.
func snippet(f diag.Finding) string {
	t := strings.TrimSpace(f.Span.Text())
	if i := strings.IndexByte(t, '\n'); i >= 0 {
		t = strings.TrimSpace(t[:i]) + " …"
	}
	if r := []rune(t); len(r) > 120 {
		t = string(r[:120]) + " …"
	}
	return t
}
