namespace Sluice.Testing.Large;

/// <summary>The names that people, tables and policies of a <see cref="LargeWorld"/> share.</summary>
internal static class LargeNames
{
    public const string Connection = "lake";

    public static readonly string[] Groups = Numbered("Group", 200);
    public static readonly string[] Regions = Numbered("Region", 12);
    public static readonly string[] Countries = Numbered("Country", 20);
    public static readonly string[] Departments = Numbered("Department", 30);
    public static readonly string[] Projects = Numbered("Project.P", 30);
    public static readonly string[] Domains = Numbered("Domain.D", 50);

    /// <summary>From the most open to the strictest: of a table, and of a person, who has all up to theirs.</summary>
    public static readonly string[] Levels = ["Public", "Internal", "Confidential", "Secret"];

    public static readonly string[] ColumnTags =
    [
        "PII.Email", "PII.Phone", "PII.Ssn", "PII.Name", "PII.Birth", "Finance.Amount", "Finance.Salary", "Finance.Iban", "Geo.Region", "Geo.Country",
    ];

    public static string Database(int number) => $"db_{number:D3}";

    private static string[] Numbered(string name, int count) => [.. Enumerable.Range(0, count).Select(i => $"{name}{i:D2}")];
}
