using System.Security.Cryptography;
using System.Text;
using Sluice.Platforms.Databricks.Sql;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>A function that masks a column, filters rows or calls one of the operator's, named by what it does: one that does something else is another function.</summary>
/// <param name="Kind"><see cref="Mask"/>, <see cref="Filter"/> or <see cref="Call"/>.</param>
/// <param name="Parameters">As they are declared.</param>
/// <param name="Returns">The type of its result.</param>
/// <param name="Body">What it returns.</param>
internal sealed record SqlFunction(string Kind, IReadOnlyList<string> Parameters, string Returns, string Body)
{
    public const string Mask = "mask";
    public const string Filter = "filter";
    public const string Call = "call";

    private const int Digits = 32;

    /// <summary>Its name in the schema of functions.</summary>
    public string Name { get; } =
        $"{Kind}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"({string.Join(", ", Parameters)}) RETURNS {Returns} RETURN {Body}")))[..Digits]}";

    /// <summary>Whether a name is one of functions that are attached to columns and tables.</summary>
    public static bool IsName(string name) =>
        (name.StartsWith($"{Mask}_", StringComparison.Ordinal) || name.StartsWith($"{Filter}_", StringComparison.Ordinal)) && name.Length == name.IndexOf('_', StringComparison.Ordinal) + 1 + Digits;

    /// <summary>
    /// What calls a function of the operator's with a value, and makes its result one of the value's type, or NULL: what the operator's is refused for keeps no mask from being made, and the
    /// mask's owner, who is this one's, alone needs EXECUTE on the operator's.
    /// </summary>
    /// <param name="function">Its catalog, schema and name.</param>
    /// <param name="type">Of the value and the result, as SQL.</param>
    public static SqlFunction Calling(IEnumerable<string> function, string type) =>
        new(Call, [$"c0 {type}"], type, $"try_cast({string.Join('.', function.Select(Quote.Identifier))}(c0) AS {type})");

    /// <summary>Whether the fact that a function is there is one of such a function.</summary>
    public static bool IsCall(string subject) => subject.StartsWith(SubjectOf($"{Call}_"), StringComparison.Ordinal);

    /// <summary>What stands in the place of such a function where it can't be made: NULL of its type.</summary>
    public static string Nothing(string definition)
    {
        var head = definition[..definition.IndexOf(" RETURN ", StringComparison.Ordinal)];
        return $"{head} RETURN CAST(NULL AS {head[(head.IndexOf(") RETURNS ", StringComparison.Ordinal) + ") RETURNS ".Length)..]})";
    }

    /// <summary>The subject of the fact that a function is there.</summary>
    public static string SubjectOf(string name) => $"{OwnCatalog.FunctionsSchema}.{name}";

    /// <summary>The definition of that fact.</summary>
    public string Definition => $"({string.Join(", ", Parameters)}) RETURNS {Returns} RETURN {Body}";

    /// <summary>Makes it (https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-sql-function).</summary>
    /// <param name="own">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="definition">Its definition.</param>
    /// <param name="mark">This instance's.</param>
    public static string Create(OwnCatalog own, string name, string definition, InstanceMark mark)
    {
        // The comment stands before the body, and what stands before the first RETURN is our own: types and parameters.
        var at = definition.IndexOf(" RETURN ", StringComparison.Ordinal);
        return $"CREATE OR REPLACE FUNCTION {own.Function(name)}{definition[..at]} COMMENT {Quote.Literal(mark.Comment)}{definition[at..]}";
    }

    /// <summary>Removes it.</summary>
    public static string Drop(OwnCatalog own, string name) => $"DROP FUNCTION IF EXISTS {own.Function(name)}";

    /// <summary>The body of a definition.</summary>
    public static string BodyOf(string definition) => definition[(definition.IndexOf(" RETURN ", StringComparison.Ordinal) + " RETURN ".Length)..];
}
