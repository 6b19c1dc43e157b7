using System.Globalization;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Compute;
using Sluice.Sandbox.Databricks.Execution;
using Sluice.Sandbox.Databricks.Sql;
using Sluice.Sandbox.Databricks.Wire;

namespace Sluice.Sandbox.Databricks.Statements;

/// <summary>
/// A statement as it was posted, from https://docs.databricks.com/api/workspace/statementexecution/executestatement.
/// </summary>
internal sealed record StatementRequest
{
    public required string Text { get; init; }

    public required Session Session { get; init; }

    /// <summary>EXTERNAL_LINKS rather than INLINE.</summary>
    public bool IsExternal { get; init; }

    public TimeSpan Wait { get; init; }

    /// <summary>Cancelled, not continued, when the wait is over.</summary>
    public bool CancelsAfterWait { get; init; }

    public long? RowLimit { get; init; }

    public long? ByteLimit { get; init; }

    public static StatementRequest Read(Call call)
    {
        var warehouse = call.NeedText("warehouse_id");
        WarehouseOperations.DemandUsable(call, warehouse);
        var disposition = call.Text("disposition") ?? "INLINE";
        if (disposition is not ("INLINE" or "EXTERNAL_LINKS")) throw DatabricksException.Invalid($"Invalid disposition {disposition}.");
        var format = call.Text("format") ?? "JSON_ARRAY";
        if (format is not ("JSON_ARRAY" or "ARROW_STREAM" or "CSV")) throw DatabricksException.Invalid($"Invalid format {format}.");
        if (format != "JSON_ARRAY") throw DatabricksException.Invalid(disposition == "INLINE" ? $"The format {format} is not supported with INLINE disposition." : $"The sandbox serves the format JSON_ARRAY alone, not {format}.");
        var onWait = call.Text("on_wait_timeout") ?? "CONTINUE";
        if (onWait is not ("CONTINUE" or "CANCEL")) throw DatabricksException.Invalid($"Invalid on_wait_timeout {onWait}.");
        var wait = Seconds(call.Text("wait_timeout") ?? "10s");
        if (wait == TimeSpan.Zero && onWait == "CANCEL") throw DatabricksException.Invalid("on_wait_timeout CANCEL needs a wait_timeout greater than 0s.");
        return new()
        {
            Text = call.NeedText("statement"),
            Session = new(call.Caller, call.Text("catalog"), call.Text("schema")) { Parameters = Parameters(call.Input) },
            IsExternal = disposition == "EXTERNAL_LINKS",
            Wait = wait,
            CancelsAfterWait = onWait == "CANCEL",
            RowLimit = Limit(call.Input, "row_limit"),
            ByteLimit = Limit(call.Input, "byte_limit"),
        };
    }

    private static TimeSpan Seconds(string text)
    {
        if (text.EndsWith('s') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is 0 or (>= 5 and <= 50)) return TimeSpan.FromSeconds(seconds);
        throw DatabricksException.Invalid($"Invalid wait_timeout {text}: must be 0s or between 5s and 50s.");
    }

    private static long? Limit(JsonElement input, string name)
    {
        if (!input.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= 1 ? number : throw DatabricksException.Invalid($"Invalid {name}: must be a positive integer.");
    }

    private static Dictionary<string, StatementParameter> Parameters(JsonElement input)
    {
        Dictionary<string, StatementParameter> parameters = [];
        foreach (var item in Call.Items(input, "parameters", JsonValueKind.Object))
        {
            var name = Call.Text(item, "name") ?? throw DatabricksException.Invalid("A parameter must have a name.");
            if (!parameters.TryAdd(name, new(Call.Text(item, "value"), SqlType.Parse(Call.Text(item, "type") ?? "STRING")))) throw DatabricksException.Invalid($"Parameter {name} is given twice.");
        }

        return parameters;
    }
}
