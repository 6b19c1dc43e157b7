namespace Sluice.Platforms.Databricks.Wire;

/// <summary>What one principal was granted on one securable, by the spelling of REST.</summary>
/// <param name="Principal">A user's e-mail address, a service principal's application id, or a group's name; empty for one that was deleted.</param>
/// <param name="Privileges">Such as <c>SELECT</c> and <c>USE_SCHEMA</c>; none of them inherited.</param>
internal sealed record PrivilegeAssignment(string Principal, IReadOnlyList<string> Privileges);

/// <summary>A function that is put on a column or a table, with the columns it is given.</summary>
/// <param name="Function">Its full name.</param>
/// <param name="Columns">Of a mask the further ones, of a row filter all; in order.</param>
/// <param name="IsPlain">Whether it is given columns alone, and no constants.</param>
internal sealed record AttachedFunction(string Function, IReadOnlyList<string> Columns, bool IsPlain);

/// <summary>What decides about who sees what of a table, grants left out.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id, which it keeps when it or what it is in gets another name; null where it is not told.</param>
/// <param name="Owner">Who owns it.</param>
/// <param name="RowFilter">Its row filter; null where there is none.</param>
/// <param name="Masks">Its column masks, by column.</param>
internal sealed record GovernedTable(string Name, string? Id, string? Owner, AttachedFunction? RowFilter, IReadOnlyDictionary<string, AttachedFunction> Masks);
