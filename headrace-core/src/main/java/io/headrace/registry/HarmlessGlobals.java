package io.headrace.registry;

import java.util.Set;

/**
 * What a pickle may import and call without more happening than that its object is built again:
 * containers, arrays, and the estimators of well-known libraries. All else is told.
 */
final class HarmlessGlobals {
  private static final Set<String> NAMES =
      Set.of(
          "builtins.set",
          "builtins.frozenset",
          "builtins.complex",
          "builtins.bytearray",
          "builtins.bytes",
          "builtins.list",
          "builtins.dict",
          "builtins.tuple",
          "builtins.object",
          "builtins.slice",
          "builtins.range",
          "builtins.int",
          "builtins.float",
          "builtins.bool",
          "builtins.str",
          "__builtin__.set",
          "__builtin__.object",
          "__builtin__.bytearray",
          "copyreg._reconstructor",
          "copy_reg._reconstructor",
          "_codecs.encode",
          "collections.OrderedDict",
          "collections.defaultdict",
          "collections.Counter",
          "collections.deque",
          "datetime.datetime",
          "datetime.date",
          "datetime.timedelta",
          "decimal.Decimal",
          "uuid.UUID",
          "numpy.ndarray",
          "numpy.dtype",
          "numpy.random.__RandomState_ctor",
          "numpy.random._pickle.__randomstate_ctor",
          "numpy.random._pickle.__generator_ctor",
          "numpy.random._pickle.__bit_generator_ctor",
          "numpy.random._mt19937.MT19937",
          "numpy.random._pcg64.PCG64",
          "numpy.core.multiarray._reconstruct",
          "numpy.core.multiarray.scalar",
          "numpy._core.multiarray._reconstruct",
          "numpy._core.multiarray.scalar",
          "numpy.core.numeric._frombuffer",
          "numpy._core.numeric._frombuffer",
          "joblib.numpy_pickle.NumpyArrayWrapper",
          "scipy.sparse._csr.csr_matrix",
          "scipy.sparse._csc.csc_matrix",
          "scipy.sparse._coo.coo_matrix",
          "scipy.sparse._csr.csr_array",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_parameter",
          "torch.FloatStorage",
          "torch.DoubleStorage",
          "torch.HalfStorage",
          "torch.BFloat16Storage",
          "torch.LongStorage",
          "torch.IntStorage",
          "torch.ShortStorage",
          "torch.CharStorage",
          "torch.ByteStorage",
          "torch.BoolStorage",
          "torch.Size",
          "torch.device");

  /** The estimators of scikit-learn: classes, which begin with a capital letter. */
  private static final String ESTIMATORS = "sklearn.";

  private static final Set<String> ESTIMATOR_HELPERS =
      Set.of("sklearn.tree._tree.Tree", "sklearn.metrics._dist_metrics.EuclideanDistance");

  private HarmlessGlobals() {}

  /** Whether {@code module.name} is one of them. */
  static boolean contain(String global) {
    if (NAMES.contains(global) || ESTIMATOR_HELPERS.contains(global)) {
      return true;
    }
    int dot = global.lastIndexOf('.');
    // FunctionTransformer and its kind hold functions, which are globals of their own.
    return global.startsWith(ESTIMATORS)
        && dot + 1 < global.length()
        && Character.isUpperCase(global.charAt(dot + 1));
  }
}
