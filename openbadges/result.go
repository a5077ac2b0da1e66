package openbadges

// Result is one outcome that the earner reached: a score, a grade, a state.
// Section "Result". Type is required. ResultDescription is the id of the
// [ResultDescription] in the achievement that tells how to read Value, a string
// always; AchievedLevel is the id of one of its levels; Status is one of
// Completed, Enrolled, Failed, InProgress, OnHold, Provisional, Withdrew.
type Result struct {
	Type              List[string]    `json:"type,omitempty"`
	ResultDescription string          `json:"resultDescription,omitempty"`
	Value             string          `json:"value,omitempty"`
	Status            string          `json:"status,omitempty"`
	AchievedLevel     string          `json:"achievedLevel,omitempty"`
	Alignment         List[Alignment] `json:"alignment,omitempty"`
}

// ResultDescription tells what results an achievement can have. Section
// "ResultDescription". ID, Type, Name and ResultType are required. AllowedValue
// is ordered from low to high.
type ResultDescription struct {
	ID                   string                     `json:"id,omitempty"`
	Type                 List[string]               `json:"type,omitempty"`
	Name                 string                     `json:"name,omitempty"`
	ResultType           string                     `json:"resultType,omitempty"`
	AllowedValue         List[string]               `json:"allowedValue,omitempty"`
	RequiredLevel        string                     `json:"requiredLevel,omitempty"`
	RequiredValue        string                     `json:"requiredValue,omitempty"`
	RubricCriterionLevel List[RubricCriterionLevel] `json:"rubricCriterionLevel,omitempty"`
	ValueMax             string                     `json:"valueMax,omitempty"`
	ValueMin             string                     `json:"valueMin,omitempty"`
	Alignment            List[Alignment]            `json:"alignment,omitempty"`
}

// RubricCriterionLevel is one level of a rubric. Section
// "RubricCriterionLevel". ID, Type and Name are required.
type RubricCriterionLevel struct {
	ID          string          `json:"id,omitempty"`
	Type        List[string]    `json:"type,omitempty"`
	Name        string          `json:"name,omitempty"`
	Description string          `json:"description,omitempty"`
	Level       string          `json:"level,omitempty"`
	Points      string          `json:"points,omitempty"`
	Alignment   List[Alignment] `json:"alignment,omitempty"`
}
