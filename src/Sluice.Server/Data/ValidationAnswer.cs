using System.Text.Json;
using Sluice.Platforms;

namespace Sluice.Server.Data;

/// <summary>The checks of a connection.</summary>
internal sealed record ValidationAnswer(string Status, IReadOnlyList<ValidationTestAnswer> ValidationTests)
{
    /// <summary>The worst of them decides: failed, else warning, else passed; skipped when none was made.</summary>
    public static ValidationAnswer Of(IReadOnlyList<Check> checks)
    {
        var worst = CheckStatus.Skipped;
        if (checks.Any(c => c.Status == CheckStatus.Failed)) worst = CheckStatus.Failed;
        else if (checks.Any(c => c.Status == CheckStatus.Warning)) worst = CheckStatus.Warning;
        else if (checks.Any(c => c.Status == CheckStatus.Passed)) worst = CheckStatus.Passed;
        return new ValidationAnswer(
            Spelled.Camel(worst), [.. checks.Select(c => new ValidationTestAnswer(c.Name, Spelled.Camel(c.Status), c.Result, c.Message))]);
    }
}

/// <summary>One check.</summary>
internal sealed record ValidationTestAnswer(string Name, string Status, string Result, string? Message);

/// <summary>How the API spells the names of enums.</summary>
internal static class Spelled
{
    public static string Camel<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
