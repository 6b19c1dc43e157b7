using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Bench.Reporting;

/// <summary>Prints figures as they come and keeps them, with the machine they were measured on, below benchmarks/results.</summary>
internal sealed class Results(string bench, string folder, DateTimeOffset at)
{
    /// <summary>For people too: a "less than" stays one.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<string> _lines = [Machine.Describe()];

    public bool Passed { get; private set; } = true;

    public void Add(Figure figure)
    {
        if (figure.Pass == false) Passed = false;
        _lines.Add(figure.ToJson());
        Console.WriteLine(_lines[^1]);
    }

    /// <summary>What is going on, for whoever waits.</summary>
    public static void Say(string text) => Console.Error.WriteLine($"bench: {text}");

    public string Write()
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, $"{at:yyyy-MM-dd}-{bench}.jsonl");
        File.WriteAllLines(file, _lines);
        return file;
    }
}
