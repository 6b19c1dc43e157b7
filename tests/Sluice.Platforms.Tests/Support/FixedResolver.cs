using System.Net;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Tests.Support;

/// <summary>Answers each question with the next of its answers, the last one for ever, and keeps the names asked for.</summary>
internal sealed class FixedResolver(params string[][] answers) : IHostResolver
{
    private readonly List<string> _asked = [];

    public IReadOnlyList<string> Asked => _asked;

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var answer = answers[Math.Min(_asked.Count, answers.Length - 1)];
        _asked.Add(host);
        return Task.FromResult(answer.Select(IPAddress.Parse).ToArray());
    }
}
