using Sluice.Core.Access;
using Sluice.Core.Policies;

namespace Sluice.Testing.Cases;

/// <summary>A table of a case. Its rows hold the values by the object's columns, as <see cref="Naive.ColumnKind"/> says.</summary>
public sealed record CaseTable(GovernedObject Object, bool IsActive, ValueList<ValueList<object?>> Rows);
