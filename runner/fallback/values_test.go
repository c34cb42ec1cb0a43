package fallback

import (
	"testing"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/migrate"
)

// TestTurnedValues: policies of the way there neither refuse the way back nor set rows aside there.
func TestTurnedValues(t *testing.T) {
	table := func(schema string) *catalog.Table {
		return &catalog.Table{Schema: schema, Name: "T", Target: "t", TargetSchema: "shop", Columns: []*catalog.Column{{Name: "d", Target: "d", Type: types.Date{}, Nullable: true}}}
	}
	v := migrate.Values{ZeroDates: "except", NUL: "strip", InvalidText: "except", Columns: map[string]migrate.ColumnValues{
		"Shop.T.d": {ZeroDates: "null"}, "shop.t.d": {ZeroDates: "except"}}}
	w := &Way{Task: migrate.Task{Values: v}, Tables: []*catalog.Table{table("Shop")}}
	task, o := w.turned()
	got := task.Values
	if got.ZeroDates != "stop" || got.NUL != "strip" || got.InvalidText != "stop" || len(got.Columns) != 1 || got.Columns["shop.t.d"].ZeroDates != "stop" || task.Apply.OnError != "stop" {
		t.Errorf("%+v", got)
	}
	if err := got.Policy().Fits(o.Tables); err != nil {
		t.Error(err)
	}
	if v.Columns["shop.t.d"].ZeroDates != "except" {
		t.Error("the task's own policies were changed")
	}
	w.OnError = "except"
	if task, _ := w.turned(); task.Apply.OnError != "except" {
		t.Errorf("%+v", task.Apply)
	}
}
