package apply

import (
	"cmp"
	"context"
	"slices"
)

// On a target that is a consistent copy already, keys, indexes and foreign keys need not wait for each other: one transaction
// that looks at the rows of a table, or sorts them, leaves the other processors of the server to those of other tables.

// together applies the stages Keys, Indexes and Foreign side by side: keys that locate rows, then foreign keys unchecked, and
// then the checks of these beside the indexes, the largest tables first. What the server refuses at first, as a foreign key
// that needs a unique index which is yet to be made, is applied at the end in its order.
func (r *runner) together(ctx context.Context, f *Folder) error {
	keys, foreign := r.keysAndForeign(f)
	indexes := r.stageParts(f, Indexes)
	sizes, err := r.large(ctx, slices.Concat(foreign, indexes))
	if err != nil {
		return err
	}
	for _, p := range keys {
		if err := r.part(ctx, p); err != nil {
			return err
		}
	}
	added, later, err := r.addForeign(ctx, foreign, sizes)
	if err != nil {
		return err
	}
	if err := r.checkAndIndex(ctx, added, indexes, sizes); err != nil {
		return err
	}
	for _, p := range later {
		if err := r.part(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// stageParts are the files' parts of one stage in the order in which they are applied.
func (r *runner) stageParts(f *Folder, s Stage) []part {
	var parts []part
	for _, file := range ordered(f.Files, s) {
		if p := partOf(file, []Stage{s}); len(p.stmts) > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}

// keysAndForeign parts the keys that locate rows from all foreign keys, and checks, which stand with those.
func (r *runner) keysAndForeign(f *Folder) (keys, foreign []part) {
	for _, p := range r.stageParts(f, Keys) {
		if slices.ContainsFunc(p.stmts, func(s Statement) bool { return s.key != nil && s.key.foreign }) {
			foreign = append(foreign, p)
		} else {
			keys = append(keys, p)
		}
	}
	return keys, append(foreign, r.stageParts(f, Foreign)...)
}

// addForeign adds foreign keys: those of large tables unchecked, the others as they are, many in one transaction. later are
// those that the server refused.
func (r *runner) addForeign(ctx context.Context, parts []part, sizes map[string]int64) (added, later []part, err error) {
	var small []part
	for _, p := range parts {
		if !r.alone(p, sizes) {
			small = append(small, p)
			continue
		}
		ok, err := r.addUnchecked(ctx, p)
		switch {
		case err != nil:
			return nil, nil, err
		case ok:
			added = append(added, p)
		default:
			later = append(later, p)
		}
	}
	for _, b := range r.grouped(small, nil) {
		if len(b) == 1 {
			later = append(later, b...)
			continue
		}
		err := r.batch(ctx, b)
		switch {
		case refusedWhole(err):
			later = append(later, b...)
		case err != nil:
			return nil, nil, err
		default:
			r.noteAll(b)
		}
	}
	return added, later, nil
}

// grouped cuts parts into groups that are applied in one transaction each; one that is not to share its own is alone.
func (r *runner) grouped(parts []part, sizes map[string]int64) [][]part {
	var groups [][]part
	open := false
	for _, p := range parts {
		share := r.state(p) == Would && tableSize(p, sizes) == 0 && plain(p)
		if n := len(groups) - 1; share && open && len(groups[n]) < batchFiles {
			groups[n] = append(groups[n], p)
		} else {
			groups = append(groups, []part{p})
		}
		open = share
	}
	return groups
}

// checkAndIndex looks at the rows of foreign keys that were added unchecked, and makes indexes, side by side.
func (r *runner) checkAndIndex(ctx context.Context, added, indexes []part, sizes map[string]int64) error {
	largest := func(a, b part) int { return cmp.Compare(tableSize(b, sizes), tableSize(a, sizes)) }
	slices.SortStableFunc(added, largest)
	slices.SortStableFunc(indexes, largest)
	groups := r.grouped(indexes, sizes)
	return r.sideBySide(ctx, len(added)+len(groups), func(ctx context.Context, i int) error {
		if i < len(added) {
			if err := r.check(ctx, added[i]); err != nil {
				return err
			}
			r.note(added[i], Applied)
			return nil
		}
		return r.group(ctx, groups[i-len(added)])
	})
}

// group applies parts in one transaction or, where the server refuses that, one by one.
func (r *runner) group(ctx context.Context, parts []part) error {
	if len(parts) > 1 {
		err := r.batch(ctx, parts)
		if !refusedWhole(err) {
			if err == nil {
				r.noteAll(parts)
			}
			return err
		}
	}
	for _, p := range parts {
		if err := r.part(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) noteAll(parts []part) {
	for _, p := range parts {
		r.note(p, Applied)
	}
}

// tableSize is the size of the table that a part's first statement is about; 0 for one that is not large.
func tableSize(p part, sizes map[string]int64) int64 {
	for _, s := range p.stmts {
		if s.key != nil {
			return sizes[s.key.quoted]
		}
	}
	return 0
}
