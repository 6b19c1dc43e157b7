using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Core.Catalog;
using Sluice.Core.Policies;
using Sluice.Platforms.LakeFormation.Wire;

namespace Sluice.Platforms.LakeFormation.Enforcing;

/// <summary>
/// One permission on a database or table, for SELECT with the columns it is about. As text it is the detail of a fact: <c>SELECT</c>,
/// <c>SELECT except ["email"]</c>, <c>SELECT on ["id"]</c>. Column names are in lower case, as Lake Formation lists them, and sorted.
/// </summary>
internal sealed record Privilege(LakePermissions Permission, ValueList<string> Columns, bool IsExcluding)
{
    private const string Except = " except ";
    private const string On = " on ";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A permission on the whole object.</summary>
    public static Privilege Whole(LakePermissions permission) => new(permission, [], false);

    /// <summary>SELECT on all columns but these; on all when there are none.</summary>
    public static Privilege SelectExcept(IEnumerable<string> columns) => Of(LakePermissions.Select, columns, isExcluding: true);

    /// <summary>The permission as an entry lists it.</summary>
    public static Privilege Of(LakePermissions permission, LakeResource resource) =>
        resource is LakeResource.SomeColumns some ? Of(permission, some.Columns, some.IsExcluding) : Whole(permission);

    /// <summary>From its text.</summary>
    /// <exception cref="ArgumentException">That is no privilege.</exception>
    public static Privilege Parse(string text)
    {
        // A permission's name has no space; a column's may have anything.
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        foreach (var (word, isExcluding) in (ReadOnlySpan<(string, bool)>)[(Except, true), (On, false)])
        {
            if (space > 0 && text.AsSpan(space).StartsWith(word, StringComparison.Ordinal))
                return new Privilege(PermissionOf(text[..space]), [.. JsonSerializer.Deserialize<string[]>(text[(space + word.Length)..])!], isExcluding);
        }

        return Whole(PermissionOf(text));
    }

    /// <summary>What it is on.</summary>
    public LakeResource ResourceAt(ObjectPath path) =>
        path.Depth == 1 ? new LakeResource.Database(path.Name)
        : Columns.Count == 0 ? new LakeResource.Table(path.Names[1], path.Name)
        : new LakeResource.SomeColumns(path.Names[1], path.Name) { Columns = Columns, IsExcluding = IsExcluding };

    /// <inheritdoc/>
    public override string ToString() =>
        Columns.Count == 0 ? Permission.Name() : $"{Permission.Name()}{(IsExcluding ? Except : On)}{JsonSerializer.Serialize<IEnumerable<string>>(Columns, Json)}";

    private static Privilege Of(LakePermissions permission, IEnumerable<string> columns, bool isExcluding)
    {
        string[] sorted = [.. columns.Select(c => c.ToLowerInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new Privilege(permission, [.. sorted], isExcluding && sorted.Length > 0);
    }

    private static LakePermissions PermissionOf(string name) =>
        LakePermissions.EveryTablePermission.Each().Append(LakePermissions.All).Cast<LakePermissions?>().FirstOrDefault(p => p!.Value.Name() == name)
        ?? throw new ArgumentException($"{name} is no permission on a table.", nameof(name));
}
