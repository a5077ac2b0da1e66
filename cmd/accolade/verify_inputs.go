package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/accolade-badges/accolade/verifier"
)

// task is one thing to verify.
type task struct {
	name      string
	input     verifier.Input
	file      string // to read the input from when its turn comes; "-" is standard input
	recipient string
}

// largestInput is as much of a file as is read: what is larger is no badge, and
// the verifier says so.
const largestInput = 8<<20 + 1

// read returns the input. Files are read only now, so that a folder of any size
// takes the memory of a few.
func (t *task) read(a *app) (verifier.Input, error) {
	if t.file == "" {
		return t.input, nil
	}
	in, err := a.input(t.file)
	if errors.Is(err, fs.ErrNotExist) {
		return t.input, errors.New("there is no such file; an address begins with https://")
	}
	if err != nil {
		return t.input, err
	}
	defer func() { _ = in.Close() }()
	data, err := io.ReadAll(io.LimitReader(in, largestInput))
	if err != nil {
		return t.input, fmt.Errorf("read %s: %w", t.file, plainPathError(err))
	}
	if data == nil {
		data = []byte{} // an empty file is one, and no badge
	}
	return verifier.Input{Data: data, Name: t.name}, nil
}

// tasks lists what is to be verified; a folder stands for the files in it.
func (c *verifyCommand) tasks(a *app, o *verifier.Options) ([]task, error) {
	var list []task
	if c.Bundle != "" {
		data, err := a.readFile(c.Bundle)
		if err != nil {
			return nil, &usageError{err.Error()}
		}
		if o.Bundle, err = verifier.OpenBundle(data); err != nil {
			return nil, &usageError{fmt.Sprintf("%s: %v", c.Bundle, err)}
		}
		if len(c.Inputs) == 0 {
			list = append(list, task{name: c.Bundle, input: o.Bundle.Input(), recipient: c.Recipient})
		}
	}
	for _, name := range c.Inputs {
		more, err := c.expand(a, name)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	if c.InputsCSV != "" {
		more, err := c.fromCSV(a)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	if len(list) == 0 {
		return nil, &usageError{"name a file, an address or a folder to verify, or - for standard input"}
	}
	return list, nil
}

func (c *verifyCommand) expand(a *app, name string) ([]task, error) {
	if strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://") {
		return []task{{name: name, input: verifier.Input{URL: name}, recipient: c.Recipient}}, nil
	}
	if name == "-" || !isFolder(name) {
		return []task{{name: name, file: name, recipient: c.Recipient}}, nil
	}
	var list []task
	err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
			return nil // a pipe would be waited for without end
		}
		list = append(list, task{name: path, file: path, recipient: c.Recipient})
		return nil
	})
	return list, err
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func (c *verifyCommand) fromCSV(a *app) ([]task, error) {
	in, err := a.input(c.InputsCSV)
	if err != nil {
		return nil, &usageError{err.Error()}
	}
	defer func() { _ = in.Close() }()
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	column, recipient := 0, -1
	var list []task
	for first := true; ; first = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, &usageError{fmt.Sprintf("%s: %v", c.InputsCSV, err)}
		}
		if first && header(record, &column, &recipient) {
			continue
		}
		if column >= len(record) || strings.TrimSpace(record[column]) == "" {
			continue
		}
		more, err := c.expand(a, strings.TrimSpace(record[column]))
		if err != nil {
			return nil, err
		}
		if recipient >= 0 && recipient < len(record) && record[recipient] != "" {
			for i := range more {
				more[i].recipient = record[recipient]
			}
		}
		list = append(list, more...)
	}
}

// header tells whether a record names columns, and which.
func header(record []string, input, recipient *int) bool {
	found := false
	for i, name := range record {
		switch strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))) {
		case "input", "url", "file":
			*input, found = i, true
		case "recipient", "email":
			*recipient = i
		}
	}
	return found
}
