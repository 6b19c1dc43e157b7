namespace Sluice.Sandbox.Databricks.Sql;

/// <summary>
/// Which names Unity Catalog lets catalogs, schemas, tables and functions have, from
/// https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names: no period, blank, slash or control character, 255 at most.
/// </summary>
internal static class ObjectNames
{
    /// <summary>The name as it is stored: lower case.</summary>
    public static string Check(string name)
    {
        if (name.Length is 0 or > 255 || name.Any(letter => letter is '.' or ' ' or '/' or '\u007F' || letter < ' '))
        {
            throw SqlException.Parameter($"Invalid input: \"{name}\" is not a valid name. Names hold no period, space, forward slash or control character and are at most 255 characters long.");
        }

        return name.ToLowerInvariant();
    }
}
