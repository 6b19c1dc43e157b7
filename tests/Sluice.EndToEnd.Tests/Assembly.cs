using Xunit.Sdk;
using Xunit.v3;

// Each test has a server and a stand-in of its own: two cores are enough for one of them.
[assembly: Parallelization(Mode = ParallelMode.None)]
