package assess

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sort"

	"go.yaml.in/yaml/v3"

	"godwit/ir/diag"
)

// Price is what a code costs, in hours: Learn once per project, Each per occurrence.
type Price struct {
	Learn float64 `yaml:"learn"`
	Each  float64 `yaml:"each"`
}

// Model prices findings. Low and High widen the expected hours to a range.
type Model struct {
	Low    float64          `yaml:"low"`
	High   float64          `yaml:"high"`
	Prices map[string]Price `yaml:"prices"`
	codes  map[string]*diag.Code
}

// severityPrice is the price of a code that names none.
var severityPrice = map[diag.Severity]Price{
	diag.Review:  {Learn: 0.5, Each: 0.25},
	diag.Warning: {Learn: 1, Each: 0.5},
	diag.Error:   {Learn: 2, Each: 2},
}

// NewModel is the model that the codes document.
func NewModel(codes map[string]*diag.Code) *Model {
	return &Model{Low: 0.5, High: 2, Prices: map[string]Price{}, codes: codes}
}

// ReadModel reads the user's changes to the model; unknown keys and unknown codes are errors.
func ReadModel(path string, codes map[string]*diag.Code) (*Model, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read effort table: %w", err)
	}
	m := NewModel(codes)
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(m); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read effort table %s: %w", path, err)
	}
	for id := range m.Prices {
		if codes[id] == nil {
			return nil, fmt.Errorf("read effort table %s: unknown code %s; `godwit explain` lists the codes", path, id)
		}
	}
	if m.Low <= 0 || m.High < m.Low {
		return nil, fmt.Errorf("read effort table %s: want 0 < low <= high", path)
	}
	return m, nil
}

// Write prints the whole table for editing.
func (m *Model) Write(w io.Writer) error {
	full := Model{Low: m.Low, High: m.High, Prices: map[string]Price{}}
	ids := make([]string, 0, len(m.codes))
	for id, c := range m.codes {
		if c.Severity > diag.Info {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	for _, id := range ids {
		full.Prices[id] = m.price(id)
	}
	return yaml.NewEncoder(w).Encode(full)
}

func (m *Model) price(code string) Price {
	if p, ok := m.Prices[code]; ok {
		return p
	}
	c := m.codes[code]
	if c == nil {
		return severityPrice[diag.Error]
	}
	p := Price{c.Learn, c.Each}
	if p == (Price{}) {
		p = severityPrice[c.Severity]
	}
	return p
}

func (m *Model) spread(h float64) Hours { return Hours{h * m.Low, h, h * m.High} }

// Learn is the one-off cost of a code.
func (m *Model) Learn(code string) Hours { return m.spread(m.price(code).Learn) }

// Each is the cost of one occurrence.
func (m *Model) Each(code string) Hours { return m.spread(m.price(code).Each) }
