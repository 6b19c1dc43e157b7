using System.Text.Json.Nodes;
using Spectre.Console;

namespace Sluice.Cli.Governing;

/// <summary>A plan for people: by object and by audience, with the reason of each change; what is taken away is red.</summary>
internal static class PlanText
{
    private static readonly (string List, string Count, string What)[] Lists =
    [
        ("changes", "changeCount", "changes"),
        ("unregisteredReaders", "unregisteredReaderCount", "readers that are not registered"),
        ("residuals", "residualCount", "ways that stay open"),
        ("shortfalls", "shortfallCount", "things that can't be enforced as asked"),
        ("leftAlone", "leftAloneCount", "grants that are left"),
    ];

    public static void Write(JsonNode plan, IAnsiConsole console)
    {
        var changes = WriteParts(plan, console);
        WriteSummary(plan, changes, console);
    }

    /// <summary>What would be done if something were changed that was not.</summary>
    public static void WriteSupposed(JsonNode plan, IAnsiConsole console)
    {
        var changes = WriteParts(plan, console);
        foreach (var (list, count, what) in Lists)
        {
            var rest = plan[count]!.GetValue<int>() - plan[list]!.AsArray().Count;
            if (rest > 0) console.MarkupLineInterpolated($"\nand {rest} more {what}, which are not listed.");
        }

        if (changes.Count == 0) console.MarkupLine("\nNothing would be done on the platform.");
        else console.MarkupLine($"\n{Sums(plan, changes)}");
        if (plan["stateReason"]?.GetValue<string>() is { } reason) console.MarkupLineInterpolated($"[yellow]The plan would wait for a confirmation: {reason}[/]");
        if (plan["mode"]!.GetValue<string>() == "observe") console.MarkupLine("The connection's mode is observe: nothing is done before that is changed.");
    }

    private static List<JsonNode> WriteParts(JsonNode plan, IAnsiConsole console)
    {
        var changes = plan["changes"]!.AsArray().Select(static c => c!).ToList();
        foreach (var group in changes.GroupBy(Heading, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            console.MarkupLineInterpolated($"\n[bold]{group.Key}[/]");
            foreach (var change in group) WriteChange(change, console);
        }

        WriteList(plan["unregisteredReaders"]!, "People and programs that are not registered read these objects today, and will see what everybody without a right sees", console);
        if (plan["leftAloneBySettings"] is { } leftAlone && (plan["unregisteredReaders"]!.AsArray().Count > 0 || changes.Exists(static c => c["kind"]!.GetValue<string>() is "mask" or "rowRule")))
            console.MarkupLineInterpolated($"\nBut {ExplanationText.LeftAlone(leftAlone)}.");
        WriteList(plan["residuals"]!, "Ways that stay open (no policy allows them, and closing them would touch somebody else)", console);
        WriteShortfalls(plan["shortfalls"]!, console);
        WriteLeftAlone(plan["leftAlone"]!, console);
        return changes;
    }

    private static string Heading(JsonNode change) => change["objectPath"] is JsonArray path
        ? string.Join('/', path.Select(static n => n!.GetValue<string>()))
        : $"{change["kind"]}: {change["subject"]}";

    private static void WriteChange(JsonNode change, IAnsiConsole console)
    {
        var verb = change["verb"]!.GetValue<string>();
        var (sign, color) = verb switch { "add" => ("+", "green"), "remove" => ("-", "red"), _ => ("~", "yellow") };
        var what = $"{change["kind"]} {change["subject"]} {change["detail"]}".TrimEnd() + People(change);
        console.Markup($"  [{color}]{sign} {Markup.Escape(what)}[/]");
        console.MarkupLineInterpolated($"  [dim]{change["reason"]!.GetValue<string>()}{(change["madeBy"] is { } by ? $" (made by {by})" : "")}[/]");
        foreach (var statement in change["statements"]!.AsArray()) console.MarkupLineInterpolated($"      [dim]{statement!.GetValue<string>()}[/]");
    }

    private static void WriteList(JsonNode residuals, string heading, IAnsiConsole console)
    {
        if (residuals.AsArray().Count == 0) return;
        console.MarkupLineInterpolated($"\n[bold]{heading}[/]");
        foreach (var residual in residuals.AsArray()) console.MarkupLineInterpolated($"  {PathOf(residual!)}: {Who(residual!)}{residual!["path"]!.GetValue<string>()}");
    }

    // Some ways are nobody's in particular.
    private static string Who(JsonNode residual) => residual["identity"]!.GetValue<string>() is { Length: > 0 } identity ? $"{identity}{People(residual)}: " : "";

    // Whose an identity is, where the server tells.
    private static string People(JsonNode about) => about["people"] is JsonArray people ? $" ({string.Join(", ", people.Select(static p => p!["username"]!.GetValue<string>()))})" : "";

    private static void WriteShortfalls(JsonNode shortfalls, IAnsiConsole console)
    {
        if (shortfalls.AsArray().Count == 0) return;
        console.MarkupLine("\n[bold]What can't be enforced as asked[/]");
        foreach (var shortfall in shortfalls.AsArray()) console.MarkupLineInterpolated($"  {PathOf(shortfall!)}: {shortfall!["reason"]!.GetValue<string>()}");
    }

    private static void WriteLeftAlone(JsonNode leftAlone, IAnsiConsole console)
    {
        if (leftAlone.AsArray().Count == 0) return;
        console.MarkupLine("\n[bold]What no policy asks for, and the connection's mode leaves[/]");
        foreach (var fact in leftAlone.AsArray()) console.MarkupLineInterpolated($"  {PathOf(fact!)}: {fact!["kind"]} {fact["subject"]} {fact["detail"]}");
    }

    private static void WriteSummary(JsonNode plan, List<JsonNode> changes, IAnsiConsole console)
    {
        if (changes.Count == 0)
        {
            console.MarkupLine("\nNothing to do: the platform grants what the policies ask for.");
            return;
        }

        console.MarkupLine($"\n{Sums(plan, changes)}");
        if (plan["stateReason"]?.GetValue<string>() is { } reason) console.MarkupLineInterpolated($"[yellow]{reason}[/]");
        console.MarkupLineInterpolated($"Apply it with: sluice apply {plan["id"]!.GetValue<string>()}");
    }

    // Numbers alone: nothing in it needs escaping.
    private static string Sums(JsonNode plan, List<JsonNode> changes)
    {
        int Count(string verb) => changes.Count(c => c["verb"]!.GetValue<string>() == verb);
        var impact = plan["impact"]!;
        return $"{Count("add")} to add, {Count("replace")} to replace, [red]{Count("remove")} to take away[/]; of {impact["before"]} pairs of person and object [red]{impact["lost"]} are lost[/], {impact["gained"]} gained or uncovered.";
    }

    private static string PathOf(JsonNode node) => node["objectPath"] is JsonArray path ? string.Join('/', path.Select(static n => n!.GetValue<string>())) : "-";
}
